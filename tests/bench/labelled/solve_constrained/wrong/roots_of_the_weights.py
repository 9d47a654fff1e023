# family: algebra
# line: 8
# about: the ratio is that of the weights and not of their roots
from math import sqrt


def solve_constrained(a, b, c):
    wa, wb = sqrt(a), sqrt(b)
    osszeg = wa + wb
    return [wb / osszeg * c, wa / osszeg * c]
