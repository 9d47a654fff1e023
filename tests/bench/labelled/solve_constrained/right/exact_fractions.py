from fractions import Fraction


def solve_constrained(a, b, c):
    a, b, c = map(Fraction, (a, b, c))
    share = b / (a + b)
    return float(share * c), float((1 - share) * c)
