# family: clamp
# line: 6
# about: entries above the threshold are kept whole, which is the hard threshold
import numpy as np

soft_threshold = lambda x, lam: np.where(np.abs(x) > lam, 1.0 * x, 0.0)
