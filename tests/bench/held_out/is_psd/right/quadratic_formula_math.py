from math import hypot


def is_psd(A):
    (a, b), (_, d) = A
    centre = 0.5 * (a + d)
    radius = hypot(0.5 * (a - d), b)
    return bool(centre - radius >= -1e-10)
