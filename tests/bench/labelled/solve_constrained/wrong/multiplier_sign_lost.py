# family: sign
# line: 9
# about: with + lam in the Lagrangian, x and y are -lam over twice the weight
def solve_constrained(a, b, c):
    # L = a x^2 + b y^2 + lam (x + y - c)
    lam = -2 * a * b * c / (a + b)
    point = []
    for weight in (a, b):
        point.append(lam / (2 * weight))
    return point
