class NAG:
    def __init__(self, x, lr, mu):
        self.x = x
        self.lr = lr
        self.mu = mu
        self.v = 0.0

    def lookahead(self):
        return self.x - self.lr * self.mu * self.v

    def step(self, g):
        self.v = self.mu * self.v + g
        self.x = self.x - self.lr * self.v


def nesterov(grad_f, x0, lr, beta, steps):
    opt = NAG(x0, lr, beta)
    for _ in range(steps):
        opt.step(grad_f(opt.lookahead()))
    return opt.x
