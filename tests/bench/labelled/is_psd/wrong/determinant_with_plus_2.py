# family: sign
# line: 9
# about: the determinant is ad - bc, not ad + bc
def is_psd(A):
    tol = 1e-10
    a, b = A[0]
    c, d = A[1]
    diagonal_ok = a >= -tol and d >= -tol
    det = (a + tol) * (d + tol) + b * c
    return bool(diagonal_ok and det >= 0)
