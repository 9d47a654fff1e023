class Line:
    def __init__(self, a, b, c):
        self.a, self.b, self.c = a, b, c

    def slope(self, x):
        # derivative of a x^2 + b (c - x)^2
        return 2 * self.a * x - 2 * self.b * (self.c - x)

    def root(self, low, high):
        for _ in range(100):
            middle = (low + high) / 2
            if self.slope(middle) > 0:
                high = middle
            else:
                low = middle
        return (low + high) / 2


def solve_constrained(a, b, c):
    x = Line(a, b, c).root(-abs(c), abs(c))
    return [x, c - x]
