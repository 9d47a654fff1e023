def prox_brute_force(g, v, lam, grid):
    def phi(z):
        return (z - v) * (z - v) / 2 + lam * g(z)

    return min(grid, key=phi)
