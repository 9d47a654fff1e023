# family: algebra
# line: 11
# about: the discriminant takes off twice the determinant and not four times
import math


def is_psd(A):
    p, q, s = A[0][0], A[0][1], A[1][1]
    spur = p + s
    det = p * s - q * q
    wurzel = math.sqrt(spur * spur - 2 * det)
    kleinster = 0.5 * (spur - wurzel)
    return kleinster >= -1e-10
