class NAG:
    def __init__(self, params, lr, beta):
        self.params = params
        self.lr = lr
        self.beta = beta
        self.velocity = None

    def look_ahead(self):
        if self.velocity is None:
            return self.params
        return self.params - self.lr * (self.beta * self.velocity)

    def step(self, g):
        self.velocity = g if self.velocity is None else self.beta * self.velocity + g
        self.params = self.params - self.lr * self.velocity


def nesterov(grad_f, x0, lr, beta, steps):
    opt = NAG(x0, lr, beta)
    for _ in range(steps):
        opt.step(grad_f(opt.look_ahead()))
    return opt.params
