# family: comparison
# line: 11
# about: only the determinant is looked at, so a negative definite matrix passes
def determinant(M):
    return M[0][0] * M[1][1] - M[0][1] * M[1][0]


def is_psd(A):
    # psd <=> the minors are not negative
    d = determinant(A)
    if d < -1e-10:
        return False
    return True
