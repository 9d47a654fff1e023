def is_psd(A):
    (a, b), (_, c) = A
    tol = 1e-10
    return a >= -tol and c >= -tol and a * c - b * b >= -tol
