class Newton:
    def __init__(self, first, second, tol=1e-12):
        self.first, self.second, self.tol = first, second, tol

    def __call__(self, x: float) -> float:
        if (c := self.second(x)) ** 2 >= self.tol**2:
            return (x * c - self.first(x)) / c
        return x


def newton_step(df, d2f, x):
    return Newton(df, d2f)(x)
