# family: sign
# line: 8
# about: the determinant adds the product of the off-diagonal entries
TOL = 1e-10


def det2(M):
    return M[0][0] * M[1][1] + M[0][1] * M[1][0]


def is_psd(A):
    if A[0][0] < -TOL:
        return False
    if A[1][1] < -TOL:
        return False
    return bool(det2(A) >= -TOL)
