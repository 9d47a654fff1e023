# family: sign
# line: 11
# about: the quotient is added, so the step goes away from the minimum
def newton_step(df, d2f, x):
    """One step of Newton's method."""
    first_derivative = df(x)
    second_derivative = d2f(x)
    if abs(second_derivative) < 1e-12:
        return x
    quotient = first_derivative / second_derivative
    new_x = x + quotient
    return new_x
