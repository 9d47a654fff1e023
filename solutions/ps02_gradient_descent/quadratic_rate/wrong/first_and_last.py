# family: algebra
# line: 5
# about: takes the first and last entries for the extremes, without sorting
def quadratic_rate(alpha, eigs):
    mu, L = eigs[0], eigs[-1]
    return float(max(abs(1 - alpha * mu), abs(1 - alpha * L)))
