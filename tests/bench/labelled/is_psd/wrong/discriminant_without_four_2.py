# family: algebra
# line: 12
# about: the discriminant needs (a - d)^2 + 4 b^2
import math


def is_psd(A):
    a = A[0][0]
    b = A[0][1]
    d = A[1][1]
    # lambda^2 - (a + d) lambda + (ad - b^2) = 0
    disc = (a - d) ** 2 + b**2
    l1 = ((a + d) + math.sqrt(disc)) / 2
    l2 = ((a + d) - math.sqrt(disc)) / 2
    return min(l1, l2) >= -1e-10
