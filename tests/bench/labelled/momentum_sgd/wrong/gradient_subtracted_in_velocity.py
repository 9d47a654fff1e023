# family: sign
# line: 9
# about: the gradient is subtracted in the velocity, and again in the step
def momentum_sgd(grad_f, x0, lr, beta, steps):
    velocity = 0.0
    weights = x0
    for epoch in range(steps):
        gradient = grad_f(weights)
        velocity = beta * velocity - gradient
        weights = weights - lr * velocity
    return weights
