class GD:
    def __init__(self, params, lr=0.1):
        self.params = params
        self.lr = lr

    def step(self, grads):
        self.params = self.params + (-self.lr) * grads


def grad_descent(grad_f, x0, lr, steps):
    opt = GD(x0, lr=lr)
    for _ in range(steps):
        opt.step(grad_f(opt.params))
    return opt.params
