# family: look-ahead
# line: 11
# about: the look-ahead point is computed, but the gradient is taken at the current one
class Nesterov:
    def __init__(self, x, lr, beta):
        self.x, self.lr, self.beta = x, lr, beta
        self.v = 0.0

    def step(self, grad_f):
        x_ahead = self.x - self.lr * self.beta * self.v
        g = grad_f(self.x)
        self.v = self.beta * self.v + g
        self.x = self.x - self.lr * self.v


def nesterov(grad_f, x0, lr, beta, steps):
    opt = Nesterov(x0, lr, beta)
    for _ in range(steps):
        opt.step(grad_f)
    return opt.x
