import numpy as np


def grad_descent(grad_f, x0, lr, steps):
    history = [x0]
    k = 0
    while k < steps:
        current = history[-1]
        direction = -1 * grad_f(current)
        history.append(current + lr * direction)
        k += 1
    # print(history)
    return history[-1]
