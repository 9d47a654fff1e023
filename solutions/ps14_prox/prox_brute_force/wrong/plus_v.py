# family: sign
# line: 6
# about: measures the distance to -v because v is added
def prox_brute_force(g, v, lam, grid):
    def cost(z):
        return 0.5 * (z + v) ** 2 + lam * g(z)

    return min(grid, key=cost)
