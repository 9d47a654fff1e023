def newton_step(df, d2f, x): return x if -1e-12 < (h := d2f(x)) < 1e-12 else x - df(x) / h
