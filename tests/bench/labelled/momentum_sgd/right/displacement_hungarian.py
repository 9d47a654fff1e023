def momentum_sgd(grad_f, x0, lr, beta, steps):
    hely = x0
    elmozdulas = None  # az első lépés előtt nincs
    while steps:
        if elmozdulas is None:
            elmozdulas = -lr * grad_f(hely)
        else:
            elmozdulas = beta * elmozdulas - lr * grad_f(hely)
        hely = hely + elmozdulas
        steps -= 1
    return hely
