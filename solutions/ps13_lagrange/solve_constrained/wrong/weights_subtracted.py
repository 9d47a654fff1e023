# family: sign
# line: 7
# about: the shares are divided by b - a
def share(mine, other, c):
    if mine == other:
        return c / 2
    return other * c / (other - mine)


def solve_constrained(a, b, c):
    x = share(a, b, c)
    return [x, c - x]
