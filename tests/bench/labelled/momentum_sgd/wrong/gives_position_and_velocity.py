# family: return
# line: 9
# about: both x and v come back where x alone is asked for
def momentum_sgd(grad_f, x0, lr, beta, steps):
    state = {"x": x0, "v": 0.0}
    for _ in range(steps):
        state["v"] = beta * state["v"] + grad_f(state["x"])
        state["x"] = state["x"] - lr * state["v"]
    return state["x"], state["v"]
