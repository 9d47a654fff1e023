from math import hypot


def smaller_root(p, q, r):
    """Smaller eigenvalue of [[p, q], [q, r]]."""
    mean = 0.5 * (p + r)
    radius = hypot(0.5 * (p - r), q)
    return mean - radius


def is_psd(A):
    lam_min = smaller_root(float(A[0][0]), float(A[0][1]), float(A[1][1]))
    if lam_min < -1e-10:
        return False
    return True
