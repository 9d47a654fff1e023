def quadratic_rate(alpha, eigs):
    return sorted(abs(alpha * float(eig) - 1) for eig in eigs)[-1]
