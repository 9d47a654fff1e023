def sgd_momentum_step(theta, g, v, lr, beta):
    velocity = v.clone().mul_(beta).add_(g)
    moved = theta.clone()
    moved.add_(velocity, alpha=-lr)
    return moved, velocity
