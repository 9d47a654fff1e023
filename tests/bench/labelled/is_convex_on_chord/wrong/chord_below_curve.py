# family: comparison
# line: 10
# about: the comparison points the other way, which is concavity
def is_convex_on_chord(f, x1, x2, lam):
    # point between x1 and x2
    point = lam * x1 + (1 - lam) * x2
    value_at_point = f(point)
    # point on the straight line between the ends
    line_value = lam * f(x1) + (1 - lam) * f(x2)
    is_convex = value_at_point >= line_value - 1e-12
    return bool(is_convex)
