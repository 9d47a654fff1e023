from typing import Callable


def _violation(curve: float, chord: float) -> float:
    return max(0.0, curve - chord)


def is_convex_on_chord(f: Callable, x1: float, x2: float, lam: float) -> bool:
    one_minus = 1 - lam
    violation = _violation(
        curve=f(lam * x1 + one_minus * x2),
        chord=sum(w * f(x) for w, x in ((lam, x1), (one_minus, x2))),
    )
    return bool(violation <= 1e-12)
