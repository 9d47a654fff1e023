# family: abs
# line: 5
# about: the mixed gradient itself is used instead of its sign
def lion_step(theta, g, m, lr, beta1, beta2, wd):
    update = beta1 * m + (1 - beta1) * g
    new_theta = theta * (1 - lr * wd) - lr * update
    new_m = beta2 * m + (1 - beta2) * g
    return new_theta, new_m
