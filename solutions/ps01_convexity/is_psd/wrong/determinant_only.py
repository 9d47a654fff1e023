# family: comparison
# line: 8
# about: two negative eigenvalues have a positive product: the determinant alone does not tell
def is_psd(A):
    a = A[0][0]
    b = A[0][1]
    c = A[1][1]
    return a * c - b**2 >= -1e-10
