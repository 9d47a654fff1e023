def clip_by_global_norm(grads, max_norm):
    negyzetosszeg = 0.0
    for g in grads:
        for elem in g.ravel():
            negyzetosszeg += elem * elem
    hossz = negyzetosszeg**0.5

    if hossz > max_norm:
        arany = max_norm / hossz
    else:
        arany = 1.0

    vagott = []
    for g in grads:
        vagott.append(arany * g)
    return vagott, hossz
