def prox_brute_force(g, v, lam, grid):
    best = grid[0]
    best_cost = float("inf")
    for z in grid:
        cost = 0.5 * (z - v) ** 2 + lam * g(z)
        if cost < best_cost:
            best = z
            best_cost = cost
    return float(best)
