class NewtonSolver:
    EPS = 1e-12

    def __init__(self, gradient, hessian):
        self.gradient = gradient
        self.hessian = hessian

    def direction(self, x):
        h = self.hessian(x)
        if abs(h) < self.EPS:
            return 0.0
        return -self.gradient(x) / h

    def step(self, x):
        return x + self.direction(x)


def newton_step(df, d2f, x):
    return NewtonSolver(df, d2f).step(x)
