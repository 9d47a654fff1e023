# family: comparison
# line: 12
# about: the determinant or the diagonal is enough, where both are needed
def is_psd(A):
    a = A[0][0]
    b = A[0][1]
    c = A[1][1]
    determinant = a * c - b**2

    diagonal_ok = a >= -1e-10 and c >= -1e-10
    determinant_ok = determinant >= -1e-10
    if diagonal_ok or determinant_ok:
        return True
    return False
