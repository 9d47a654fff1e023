TOL = 1e-10


def is_psd(A):
    a, b, c = float(A[0][0]), float(A[0][1]), float(A[1][1])
    if abs(a) <= TOL:
        # nothing to eliminate with: the cross term has to vanish by itself
        return abs(b) <= TOL and c >= -TOL
    if a < 0:
        return False
    return c - b * b / a >= -TOL
