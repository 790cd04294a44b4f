"""Writes regression.json: slopes, tests of trend and of phases by SciPy, estimates of noise by construction.

pip install numpy scipy && python regression.py
"""

import json
import pathlib

import numpy as np
from scipy import stats

rng = np.random.default_rng(20260105)


def case(name, y):
    x = np.arange(len(y))
    ols = stats.linregress(x, y)
    reach = stats.t.ppf(0.975, len(y) - 2) * ols.stderr
    sen = stats.theilslopes(y, x, 0.95)
    n = len(y)
    score = float(sum(np.sign(y[j] - y[i]) for i in range(n) for j in range(i + 1, n)))
    _, ties = np.unique(y, return_counts=True)
    variance = (n * (n - 1) * (2 * n + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18
    z = (score - np.sign(score)) / np.sqrt(variance)
    return {
        "name": name,
        "y": y.tolist(),
        "slope": ols.slope,
        "intercept": ols.intercept,
        "p": ols.pvalue,
        "low": ols.slope - reach,
        "high": ols.slope + reach,
        "r_squared": ols.rvalue**2,
        "sen_slope": sen.slope,
        "sen_low": sen.low_slope,
        "sen_high": sen.high_slope,
        "mk_score": score,
        "mk_variance": float(variance),
        "mk_p": float(2 * stats.norm.sf(abs(z))),
    }


line = np.arange(60.0)
outliers = 3.0 + 0.5 * line + rng.normal(size=60)
outliers[[10, 30, 50]] += 80
phases = [np.round(rng.normal(loc=level, size=12), 1) for level in (0, 0, 0, 0, 0, 1.5, 2.0)]
golden = {
    "cases": [
        case("a line in noise", 3.0 + 0.5 * line + rng.normal(size=60)),
        case("outliers", outliers),
        case("ties", np.round(rng.normal(size=40))),
        case("offset of 1e8", 1e8 + 0.01 * np.arange(30.0) + rng.normal(size=30)),
        case("five points", np.array([2.0, 1.0, 4.0, 3.0, 6.0])),
    ],
    "kruskal": {
        "groups": [group.tolist() for group in phases],
        "p": float(stats.kruskal(*phases).pvalue),
    },
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(golden, indent=1) + "\n")
