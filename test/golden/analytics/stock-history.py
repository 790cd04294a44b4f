"""Writes stock-history.json: Welch's interval by SciPy, and the jackknife's by leaving each value out in turn.

pip install numpy scipy && python stock-history.py
"""

import json
import pathlib

import numpy as np
from scipy import stats


def jackknife(values, own, other):
    def difference(keep):
        return np.average(values[keep], weights=own[keep]) - np.average(values[keep], weights=other[keep])

    n = len(values)
    whole = np.ones(n, dtype=bool)
    left = np.array([difference(np.arange(n) != i) for i in range(n)])
    error = np.sqrt((n - 1) / n * ((left - left.mean()) ** 2).sum())
    value = difference(whole)
    reach = stats.t.ppf(0.975, max(1, own.sum() ** 2 / (own**2).sum() - 1)) * error
    return [value, value - reach, value + reach]


def welch(a, b):
    interval = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.95)
    return [np.mean(a) - np.mean(b), interval.low, interval.high]


rng = np.random.default_rng(11)
golden = {"welch": [], "jackknife": []}
for sizes, offset in [((5, 30), 0), ((2, 2), 0), ((40, 8), 100)]:
    a, b = (rng.normal(6, 2, size).round(3) + offset for size in sizes)
    golden["welch"].append({"a": a.tolist(), "b": b.tolist(), "expected": [float(x) for x in welch(a, b)]})
for n in (6, 25, 120):
    values = rng.uniform(0, 10, n).round(3)
    own = (rng.random(n) < 0.4) / rng.uniform(0.05, 0.5, n)
    own[:3] = 2.5
    other = 1 / rng.uniform(0.05, 0.5, n)
    golden["jackknife"].append({"values": values.tolist(), "own": own.tolist(), "other": other.tolist(),
                                "expected": [float(x) for x in jackknife(values, own, other)]})
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(golden) + "\n")
