# family: algebra
# line: 10
# about: the determinant takes off the off-diagonal entry itself and not its square
import math


def is_psd(A):
    p, q, s = A[0][0], A[0][1], A[1][1]
    spur = p + s
    det = p * s - q
    wurzel = math.sqrt(max(spur * spur - 4 * det, 0.0))
    kleinster = 0.5 * (spur - wurzel)
    return bool(kleinster >= -1e-10)
