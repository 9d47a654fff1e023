from math import hypot

TURES = 1e-10  # kerekítési hiba miatt


def is_psd(A):
    # 2x2-es szimmetrikus: a sajátértékek zárt alakban
    (a, b), (_, d) = A
    kozep = (a + d) / 2
    sugar = hypot((a - d) / 2, b)
    kisebb, nagyobb = kozep - sugar, kozep + sugar
    return bool(kisebb >= -TURES)
