class NAG:
    def __init__(self, lr, momentum):
        self.lr = lr
        self.momentum = momentum
        self.state = {}

    def peek(self, w):
        return w - self.lr * self.momentum * self.state.get("v", 0.0)

    def step(self, w, g):
        self.state["v"] = self.momentum * self.state.get("v", 0.0) + g
        return w - self.lr * self.state["v"]


def nesterov(grad_f, x0, lr, beta, steps):
    nag, w = NAG(lr, beta), x0
    for _ in range(steps):
        w = nag.step(w, grad_f(nag.peek(w)))
    return w
