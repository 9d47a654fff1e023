# family: look-ahead
# line: 11
# about: the look-ahead goes a whole velocity and not beta times the velocity
class NesterovMomentum:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum = lr, momentum
        self.vel = 0.0

    def minimise(self, x, grad_fn, n):
        for _ in range(n):
            future = x + self.vel
            self.vel = self.momentum * self.vel - self.lr * grad_fn(future)
            x = x + self.vel
        return x


def nesterov(grad_f, x0, lr, beta, steps):
    return NesterovMomentum(lr, beta).minimise(x0, grad_f, steps)
