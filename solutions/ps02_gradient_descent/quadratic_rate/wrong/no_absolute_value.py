# family: abs
# line: 5
# about: a factor of -1.1 grows the error, but counts as small here
def quadratic_rate(alpha, eigs):
    return max(1 - alpha * float(eig) for eig in eigs)
