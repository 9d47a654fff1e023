class SGD:
    def __init__(self, parameters, learning_rate):
        self.parameters = list(parameters)
        self.learning_rate = learning_rate

    def step(self, gradients):
        for index, gradient in enumerate(gradients):
            if gradient is None:
                continue
            delta = -(self.learning_rate * gradient)
            self.parameters[index] = self.parameters[index] + delta
        return self.parameters


def sgd_step(params, grads, lr):
    return SGD(params, lr).step(grads)
