# family: look-ahead
# line: 6
# about: the look-ahead lacks beta
def look_ahead(position, velocity, learning_rate, momentum):
    """Where the ball would be after rolling on."""
    return position - learning_rate * velocity


def nesterov(grad_f, x0, lr, beta, steps):
    position = x0
    velocity = 0.0
    for _ in range(steps):
        future_position = look_ahead(position, velocity, lr, beta)
        future_gradient = grad_f(future_position)
        velocity = beta * velocity + future_gradient
        position = position - lr * velocity
    return position
