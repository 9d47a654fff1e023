# family: look-ahead
# line: 10
# about: beta is missing in the look-ahead
class Nag:
    def __init__(self, x0, lr, beta):
        self.x, self.v = x0, 0.0
        self.lr, self.beta = lr, beta

    def lookahead(self):
        return self.x - self.lr * self.v

    def step(self, grad_f):
        g = grad_f(self.lookahead())
        self.v = self.beta * self.v + g
        self.x = self.x - self.lr * self.v


def nesterov(grad_f, x0, lr, beta, steps):
    nag = Nag(x0, lr, beta)
    for _ in range(steps):
        nag.step(grad_f)
    return nag.x
