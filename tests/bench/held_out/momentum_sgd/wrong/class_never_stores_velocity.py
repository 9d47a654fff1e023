# family: velocity
# line: 11
# about: the new velocity is a local name and never stored, so it starts from zero each step
class Momentum:
    def __init__(self, lr, beta):
        self.lr = lr
        self.beta = beta
        self.velocity = 0.0

    def step(self, x, g):
        velocity = self.beta * self.velocity + g
        return x - self.lr * velocity


def momentum_sgd(grad_f, x0, lr, beta, steps):
    opt = Momentum(lr, beta)
    for _ in range(steps):
        x0 = opt.step(x0, grad_f(x0))
    return x0
