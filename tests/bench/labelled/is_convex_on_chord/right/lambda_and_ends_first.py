def is_convex_on_chord(f, x1, x2, lam):
    mix = lambda u, v: lam * u + (1 - lam) * v
    if lam == 0 or lam == 1 or x1 == x2:
        return True  # the point is an end of the chord
    return bool(f(mix(x1, x2)) <= mix(f(x1), f(x2)) + 1e-12)
