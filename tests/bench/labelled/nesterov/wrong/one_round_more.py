# family: step-count
# line: 7
# about: the loop runs one step more than asked for
def nesterov(grad_f, x0, lr, beta, steps):
    geschwindigkeit = 0.0
    punkt = x0
    for runde in range(0, steps + 1):
        vorschau = punkt - lr * beta * geschwindigkeit
        geschwindigkeit = beta * geschwindigkeit + grad_f(vorschau)
        punkt = punkt - lr * geschwindigkeit
    return punkt
