# family: step-count
# line: 6
# about: ten halvings of the bracket are too few for the accuracy asked for
def solve_constrained(a, b, c):
    lo, hi = min(0, c), max(0, c)
    for _ in range(10):
        mid = 0.5 * (lo + hi)
        if a * mid < b * (c - mid):
            lo = mid
        else:
            hi = mid
    x = 0.5 * (lo + hi)
    return [x, c - x]
