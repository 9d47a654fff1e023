# family: comparison
# line: 9
# about: looks at the diagonal and forgets the condition on the determinant
def is_psd(A):
    tol = 1e-10
    for i in range(2):
        if A[i][i] < -tol:
            return False
    return True
