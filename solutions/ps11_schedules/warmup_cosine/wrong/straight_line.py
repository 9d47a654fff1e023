# family: schedule
# line: 10
# about: the rate falls in a straight line
def warmup_cosine(step, total, warmup, peak, final):
    if step < warmup:
        return peak * step / warmup
    if step >= total:
        return final
    progress = (step - warmup) / (total - warmup)
    return peak + (final - peak) * progress
