class Newton1D:
    flat = 1e-12

    def __init__(self, gradient, hessian):
        self.gradient = gradient
        self.hessian = hessian

    def delta(self, x):
        h = self.hessian(x)
        if h < self.flat and h > -self.flat:
            return 0.0
        return -self.gradient(x) / h

    def __call__(self, x):
        return x + self.delta(x)


def newton_step(df, d2f, x):
    return Newton1D(df, d2f)(x)
