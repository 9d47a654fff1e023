# family: sign
# line: 11
# about: the step is added, so it goes uphill
class GradientDescent:
    """Plain gradient descent."""

    def __init__(self, step_size):
        self.step_size = step_size

    def update(self, weights, grads):
        return weights + self.step_size * grads


def grad_descent(grad_f, x0, lr, steps):
    optimizer = GradientDescent(lr)
    weights = x0
    for epoch in range(steps):
        weights = optimizer.update(weights, grad_f(weights))
    return weights
