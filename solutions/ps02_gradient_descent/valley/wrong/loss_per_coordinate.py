# family: return
# line: 5
# about: the loss is an array with one entry per coordinate, never summed
def valley(w, h):
    loss = 0.5 * h * w**2
    return loss, h * w
