class Descent:
    def __init__(self, params, lr):
        self.params = params
        self.lr = lr

    def step(self, grad):
        delta = -(self.lr * grad)
        self.params = self.params + delta


def grad_descent(grad_f, x0, lr, steps):
    opt = Descent(x0, lr)
    for _ in range(steps):
        opt.step(grad_f(opt.params))
    return opt.params
