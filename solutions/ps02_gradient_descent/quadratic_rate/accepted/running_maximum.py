def quadratic_rate(alpha, eigs):
    worst = 0.0
    for eig in eigs:
        factor = 1.0 - alpha * eig
        if factor < 0:
            factor = -factor
        worst = max(worst, factor)
    return float(worst)
