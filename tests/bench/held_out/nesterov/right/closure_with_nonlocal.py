def nesterov(grad_f, x0, lr, beta, steps):
    velocity = 0.0

    def update(x):
        nonlocal velocity
        g = grad_f(x - lr * beta * velocity)
        velocity *= beta
        velocity = velocity + g
        return x - lr * velocity

    point = x0
    for _ in range(steps):
        point = update(point)
    return point
