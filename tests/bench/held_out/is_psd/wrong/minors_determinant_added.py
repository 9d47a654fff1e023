# family: sign
# line: 9
# about: the determinant adds the product of the off-diagonal entries
def is_psd(A):
    a = A[0][0]
    b = A[0][1]
    c = A[1][0]
    d = A[1][1]
    det = a * d + b * c
    eps = 1e-10
    return bool(a >= -eps and d >= -eps and det >= -eps)
