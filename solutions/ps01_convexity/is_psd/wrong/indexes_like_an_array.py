# family: dtype
# line: 8
# about: A[0, 1] works for arrays only and fails for a nested list
import math


def is_psd(A):
    a, b, c = A[0, 0], A[0, 1], A[1, 1]
    root = math.hypot((a - c) / 2, b)
    return (a + c) / 2 - root >= -1e-10
