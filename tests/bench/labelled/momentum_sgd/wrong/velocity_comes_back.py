# family: return
# line: 11
# about: the velocity is returned, not the position
def momentum_sgd(grad_f, x0, lr, beta, steps):
    vitesse = 0.0 * x0
    position = x0
    for _ in range(steps):
        pente = grad_f(position)
        vitesse = beta * vitesse + pente
        position = position - lr * vitesse
    return vitesse
