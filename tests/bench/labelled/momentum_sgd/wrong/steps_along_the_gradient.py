# family: velocity
# line: 15
# about: the velocity is kept up but the step uses the gradient
class MomentumSGD:
    def __init__(self, params, lr, momentum):
        self.params = params
        self.lr = lr
        self.momentum = momentum
        self.state = {"momentum_buffer": 0.0}

    def step(self, grad):
        buffer = self.state["momentum_buffer"]
        buffer = self.momentum * buffer + grad
        self.state["momentum_buffer"] = buffer
        self.params = self.params - self.lr * grad


def momentum_sgd(grad_f, x0, lr, beta, steps):
    opt = MomentumSGD(x0, lr, beta)
    for _ in range(steps):
        opt.step(grad_f(opt.params))
    return opt.params
