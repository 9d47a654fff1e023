# family: algebra
# line: 6
# about: x takes a's share and y takes b's: the dearer one takes more
def solve_constrained(a, b, c):
    total = a + b
    shares = [w / total for w in (a, b)]
    return [s * c for s in shares]
