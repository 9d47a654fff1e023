def is_convex_on_chord(f, x1, x2, lam):
    ends = [(lam, x1), (1 - lam, x2)]
    jensen_left = f(sum(w * x for w, x in ends))
    jensen_right = sum(w * f(x) for w, x in ends)
    tol = 1e-12
    return bool(jensen_right - jensen_left >= -tol)
