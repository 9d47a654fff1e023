def is_convex_on_chord(f, x1, x2, lam):
    def interpolate(left, right):
        return right + lam * (left - right)

    curve = f(interpolate(x1, x2))
    chord = interpolate(f(x1), f(x2))
    return not curve > chord + 1e-12
