class Chord:
    """Straight line through (x1, f(x1)) and (x2, f(x2))."""

    def __init__(self, f, x1, x2):
        self.f = f
        self.ends = (x1, x2)

    def blend(self, values, lam):
        first, second = values
        return lam * first + (1.0 - lam) * second

    def gap(self, lam):
        heights = [self.f(x) for x in self.ends]
        return self.blend(heights, lam) - self.f(self.blend(self.ends, lam))


def is_convex_on_chord(f, x1, x2, lam):
    return bool(Chord(f, x1, x2).gap(lam) >= -1e-12)
