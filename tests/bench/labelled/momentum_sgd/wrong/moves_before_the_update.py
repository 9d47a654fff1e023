# family: velocity
# line: 12
# about: x moves with the velocity of the step before
class Ball:
    def __init__(self, place):
        self.place = place
        self.speed = 0.0

    def roll(self, slope, lr, beta):
        old_speed = self.speed
        self.speed = beta * self.speed + slope
        self.place = self.place - lr * old_speed


def momentum_sgd(grad_f, x0, lr, beta, steps):
    ball = Ball(x0)
    for _ in range(steps):
        ball.roll(grad_f(ball.place), lr, beta)
    return ball.place
