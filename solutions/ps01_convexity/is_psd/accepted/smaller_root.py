import math


def is_psd(A):
    # roots of t^2 - trace t + det, the smaller one
    a, b, c = A[0][0], A[0][1], A[1][1]
    mean = (a + c) / 2
    radius = math.sqrt(((a - c) / 2) ** 2 + b**2)
    return mean - radius >= -1e-10
