# family: algebra
# line: 11
# about: the square of the off-diagonal entry lacks its factor four under the root
import math


def is_psd(A):
    """Check the smaller root of the characteristic polynomial."""
    a, b, d = A[0][0], A[0][1], A[1][1]
    trace = a + d
    discriminant = (a - d) ** 2 + b**2
    root_low = (trace - math.sqrt(discriminant)) / 2
    return bool(root_low >= -1e-10)
