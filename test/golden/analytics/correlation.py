"""Writes correlation.json: correlations by SciPy and statsmodels, p and r of the hard cases by mpmath.

pip install scipy statsmodels mpmath && python correlation.py
"""

import json
import math
import pathlib

import numpy as np
from mpmath import betainc, log, mp, mpf, sqrt
from scipy import stats
from statsmodels.stats.multitest import multipletests

mp.dps = 60
rng = np.random.default_rng(20260105)


def exact(x, y):
    """r and ln p of the doubles as they are, without rounding in between."""
    n = len(x)
    x = [mpf(float(v)) for v in x]
    y = [mpf(float(v)) for v in y]
    mx, my = sum(x) / n, sum(y) / n
    sxy = sum((a - mx) * (b - my) for a, b in zip(x, y))
    sxx = sum((a - mx) ** 2 for a in x)
    syy = sum((b - my) ** 2 for b in y)
    r = sxy / sqrt(sxx * syy)
    ln_p = log(betainc(mpf(n - 2) / 2, mpf(1) / 2, 0, 1 - r * r, regularized=True))
    return float(r), float(ln_p)


def case(name, x, y):
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    r, ln_p = exact(x, y)
    interval = stats.pearsonr(x, y).confidence_interval(0.95)
    rank = stats.spearmanr(x, y)
    return {
        "name": name,
        "x": x.tolist(),
        "y": y.tolist(),
        "r": r,
        "ln_p": ln_p,
        "low": float(interval.low),
        "high": float(interval.high),
        "rho": float(rank.statistic),
        "rho_p": float(rank.pvalue),
    }


noise = rng.normal(size=200)
base = rng.normal(size=200)
line = np.arange(100.0)
cases = [
    case("moderate", base, 0.4 * base + noise),
    case("far tail (p near 1e-67)", line, line + 6.0 * rng.normal(size=100)),
    case("nearly exact", line, line + 0.1 * rng.normal(size=100)),
    case("offset of 1e8", 1e8 + base, 1e8 - 0.5 * base + noise),
    case("ties", np.round(base), np.round(0.5 * base + noise)),
    case("few", [1.0, 4.0, 2.0, 8.0], [3.0, 1.0, 2.0, 0.0]),
    case("null", base, rng.normal(size=200)),
]
p_values = [0.01, 0.04, 0.03, 0.005, 0.55, 0.0004, 0.04, 1.0, 1e-67]
golden = {
    "cases": cases,
    "benjamini_hochberg": {"p": p_values, "adjusted": multipletests(p_values, method="fdr_bh")[1].tolist()},
}
assert -170 < cases[1]["ln_p"] < -120 and math.isfinite(cases[2]["ln_p"])
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(golden, indent=1) + "\n")
