"""Writes elastic-net.json: coefficients by scikit-learn, and the columns and response that they belong to.

pip install scikit-learn numpy && python elastic-net.py
"""

import json
import pathlib

import numpy as np
from sklearn.linear_model import ElasticNet

rng = np.random.default_rng(20260301)
x = rng.normal(size=(50, 8))
x[:, 5] = 0.9 * x[:, 0] + 0.3 * x[:, 5]
x = (x - x.mean(axis=0)) / x.std(axis=0, ddof=1)
y = 0.8 * x[:, 0] - 0.5 * x[:, 3] + 0.2 * x[:, 6] + 0.5 * rng.normal(size=50)
y = (y - y.mean()) / y.std(ddof=1)
golden = {
    "x": x.T.tolist(),
    "y": y.tolist(),
    "fits": [
        {
            "penalty": penalty,
            "beta": ElasticNet(alpha=penalty, l1_ratio=0.9, fit_intercept=False, tol=1e-12, max_iter=100000).fit(x, y).coef_.tolist(),
        }
        for penalty in (0.01, 0.05, 0.2, 0.6)
    ],
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(golden, indent=1) + "\n")
