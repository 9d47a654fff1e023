import numpy as np


def _advance(state, grad, lr, betas, eps, weight_decay):
    b1, b2 = betas
    decayed = state["p"] * (1 - lr * weight_decay)
    state["m"] = b1 * state["m"] + (1 - b1) * grad
    state["v"] = b2 * state["v"] + (1 - b2) * np.square(grad)
    scale = lr * np.sqrt(1 - b2 ** state["t"]) / (1 - b1 ** state["t"])
    root = np.sqrt(state["v"]) + eps * np.sqrt(1 - b2 ** state["t"])
    state["p"] = decayed - scale * state["m"] / root
    return state


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    s = _advance({"p": theta, "m": m, "v": v, "t": t}, g, lr, (beta1, beta2), eps, wd)
    return s["p"], s["m"], s["v"]
