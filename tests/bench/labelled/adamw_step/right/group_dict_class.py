import numpy as np


class AdamW:
    def __init__(self, **group):
        self.group = group

    def step(self, p, grad, exp_avg, exp_avg_sq, step):
        beta1, beta2 = self.group["betas"]
        lr = self.group["lr"]
        exp_avg = exp_avg + (1 - beta1) * (grad - exp_avg)
        exp_avg_sq = exp_avg_sq * beta2 + grad * grad * (1 - beta2)
        bias_correction1 = 1 - beta1**step
        bias_correction2_sqrt = np.sqrt(1 - beta2**step)
        denom = np.sqrt(exp_avg_sq) / bias_correction2_sqrt + self.group["eps"]
        decayed = p * (1 - lr * self.group["weight_decay"])
        return decayed - (lr / bias_correction1) * (exp_avg / denom), exp_avg, exp_avg_sq


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    opt = AdamW(lr=lr, betas=(beta1, beta2), eps=eps, weight_decay=wd)
    return opt.step(theta, g, m, v, t)
