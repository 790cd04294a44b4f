"""Writes summary.json: moments and order statistics by exact rational arithmetic, NumPy, SciPy and statsmodels.

Mean and variance are computed over fractions of the doubles themselves and rounded once, so they are right to the
last digit whatever the offset. pip install numpy scipy statsmodels && python summary.py
"""

import json
import math
from decimal import Decimal, getcontext
from fractions import Fraction
from pathlib import Path

import numpy as np
from scipy import stats
from statsmodels.tsa.stattools import acf

getcontext().prec = 60
rng = np.random.default_rng(20260105)


def series():
    week = np.array([90.0, 95, 100, 101, 110, 130, 120])
    yield "week", np.tile(week, 9) + rng.normal(0, 4, 63)
    yield "normal", rng.normal(0, 1, 200)
    yield "offset_1e8", 1e8 + rng.normal(0, 1, 300)
    yield "offset_1e12", 1e12 + rng.integers(0, 50, 120)
    yield "negative_offset", -1e8 + rng.normal(0, 1e-3, 90)
    yield "huge", 1e300 * rng.uniform(1, 8, 40)
    yield "large", 1e150 * rng.uniform(-8, 8, 40)
    yield "subnormal", 5e-320 * rng.integers(1, 2000, 50)
    yield "small", 1e-150 * rng.uniform(1, 8, 50)
    yield "counts", rng.poisson(3, 150).astype(float)
    yield "zeros_and_one", np.array([0.0] * 30 + [7.0])
    yield "spread_1e16", np.array([1e16, 1.0, -1e16, 3.0, 5.0, 2.0, -4.0])
    yield "two", np.array([3.0, 5.0])
    yield "walk", np.cumsum(rng.normal(0, 1, 400))
    yield "even", np.arange(10.0)


def exact(values):
    xs = [Fraction(float(v)) for v in values]
    n = len(xs)
    mean = sum(xs) / n
    variance = sum((x - mean) ** 2 for x in xs) / (n - 1)
    return mean, variance


def rounded(value):
    """The nearest double, or None beyond their range."""
    try:
        return float(value)
    except OverflowError:
        return None


def root(value):
    """Square root of a fraction to 60 digits: the variance itself may lie beyond the doubles."""
    return float((Decimal(value.numerator) / Decimal(value.denominator)).sqrt())


rows = []
for name, values in series():
    mean, variance = exact(values)
    deviation = root(variance)
    row = {
        "name": name,
        "values": [float(v) for v in values],
        "mean": rounded(mean),
        "variance": rounded(variance),
        "standard_deviation": deviation,
        "median": float(np.median(values)),
        "mad": float(stats.median_abs_deviation(values, scale="normal")),
        "quantiles": [[q, float(np.quantile(values, q))] for q in (0, 0.025, 0.1, 0.25, 1 / 3, 0.5, 0.7, 0.9, 0.975, 1)],
        "autocorrelation": None,
    }
    xs = [Fraction(float(v)) - mean for v in values]
    total = sum(x * x for x in xs)
    lags = [lag for lag in (1, 2, 7) if lag < len(xs)]
    row["autocorrelation"] = [
        [lag, rounded(sum(a * b for a, b in zip(xs, xs[lag:])) / total)] for lag in lags
    ]
    if name in ("week", "normal", "counts", "walk"):
        library = acf(values, nlags=7, adjusted=False, fft=False)
        for lag, value in row["autocorrelation"]:
            assert math.isclose(library[lag], value, rel_tol=1e-9, abs_tol=1e-12), (name, lag)
    rows.append(row)

Path(__file__).with_suffix(".json").write_text(json.dumps(rows, indent=1) + "\n")
