# family: sign
# line: 6
# about: the product of the off-diagonal entries is added where the determinant subtracts it
def is_psd(A):
    (a, b), (c, d) = A
    det = a * d + b * c
    return a >= -1e-10 and d >= -1e-10 and det >= -1e-10
