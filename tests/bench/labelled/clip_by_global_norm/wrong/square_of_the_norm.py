# family: norm
# line: 9
# about: the sum of squares is never put under a root
def clip_by_global_norm(grads, max_norm):
    # add up the squares of all numbers
    sum_of_squares = 0.0
    for gradient in grads:
        sum_of_squares = sum_of_squares + (gradient**2).sum()
    global_norm = sum_of_squares
    # shrink if needed
    if global_norm > max_norm:
        scaled = [gradient * (max_norm / global_norm) for gradient in grads]
    else:
        scaled = [gradient for gradient in grads]
    return scaled, global_norm
