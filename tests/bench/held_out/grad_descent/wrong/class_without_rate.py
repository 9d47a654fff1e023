# family: learning-rate
# line: 12
# about: the update takes off the whole gradient, without the learning rate
class GradientDescent:
    def __init__(self, learning_rate=0.01, n_iter=100):
        self.learning_rate = learning_rate
        self.n_iter = n_iter

    def fit(self, gradient, start):
        self.x_ = start
        for _ in range(self.n_iter):
            self.x_ = self.x_ - gradient(self.x_)
        return self


def grad_descent(grad_f, x0, lr, steps):
    model = GradientDescent(learning_rate=lr, n_iter=steps)
    return model.fit(grad_f, x0).x_
