# family: return
# line: 12
# about: the verdict is printed and not returned
import numpy as np


def is_convex_on_chord(f, x1, x2, lam):
    x_lam = lam * x1 + (1 - lam) * x2
    y_curve = f(x_lam)
    y_line = lam * f(x1) + (1 - lam) * f(x2)
    is_convex = bool(y_curve <= y_line + 1e-12)
    print("convex on this chord:", is_convex)
