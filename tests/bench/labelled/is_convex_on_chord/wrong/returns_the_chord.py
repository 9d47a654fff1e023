# family: return
# line: 10
# about: the value on the chord is returned, not the answer to the question
def is_convex_on_chord(f, x1, x2, lam):
    on_curve = f(x2 + lam * (x1 - x2))
    on_chord = f(x2) + lam * (f(x1) - f(x2))
    below = bool(on_curve <= on_chord + 1e-12)
    if not below:
        print("not convex here", on_curve, on_chord)
    return on_chord
