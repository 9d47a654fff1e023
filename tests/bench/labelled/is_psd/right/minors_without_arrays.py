def is_psd(A):
    tol = 1e-10
    (a, b), (c, d) = A
    det = a * d - b * c
    return bool(a >= -tol and d >= -tol and det >= -tol)
