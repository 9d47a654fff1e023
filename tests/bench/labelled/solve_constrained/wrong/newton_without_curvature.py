# family: newton
# line: 10
# about: the one Newton step of the reduced problem is not divided by its curvature
def solve_constrained(a, b, c):
    def slope(x):
        return 2 * a * x - 2 * b * (c - x)

    curvature = 2 * a + 2 * b
    x = 0.0
    x = x - slope(x)
    return [x, c - x]
