"""Writes anomalies.json: the plain modes by NumPy and SciPy, the residual of a count by mpmath at 40 digits, its
bounds by a root search, and tail surprises by NumPy's order statistics over all figures so far.

pip install numpy scipy mpmath && python anomalies.py
"""

import json
import math
import pathlib

import numpy as np
from mpmath import asinh, log, mp, mpf, sqrt
from scipy import stats

mp.dps = 40
rng = np.random.default_rng(20)

plain = []
for values in (
    [float(v) for v in rng.normal(100, 5, 30).round(3)],
    [1e8 + float(v) for v in rng.poisson(4, 40)],
    [3.0] * 12 + [9.0, 1.0, 3.0, 4.0],
):
    x = np.array(values)
    mad = stats.median_abs_deviation(x, scale="normal")
    spread = mad if mad > 0 else math.sqrt(math.pi / 2) * np.mean(np.abs(x - np.median(x)))
    plain.append({
        "values": values,
        "zscore": list(stats.zmap(x - x[0], x - x[0], ddof=1)),
        "robust": list((x - np.median(x)) / spread),
    })


def residual(y, mu, phi):
    y, mu, phi = mpf(y), mpf(mu), mpf(phi)
    half = mpf(1) / 2
    c = max(mu, y - half) if y > mu else min(mu, y + half)
    f = lambda v: 2 / sqrt(phi) * asinh(sqrt(phi * (v + mpf(3) / 8)))
    root = f(c) - f(mu)
    if y > mu:
        return root
    shape = 1 / phi
    dev = 2 * ((c * log(c / mu) if c > 0 else mpf(0)) - (c + shape) * log((c + shape) / (mu + shape)))
    return max(root, -sqrt(max(mpf(0), dev)))


counts = []
for mu, phi in ((0.7, 0.04), (5, 0.0016), (5, 0.5), (300, 0.01), (2e6, 0.0016), (2e6, 0.3)):
    for y in (0, 0.3 * mu, 0.9 * mu, mu, 1.2 * mu, 4 * mu, 30 * mu):
        counts.append({"value": y, "expected": mu, "dispersion": phi, "residual": float(residual(y, mu, phi))})

bounds = []
for mu, phi in ((5, 0.5), (300, 0.01), (2e6, 0.0016), (2e6, 0.3)):
    for z in (-3.5, -1, 2, 5):
        if residual(0, mu, phi) > z:
            bounds.append({"residual": z, "expected": mu, "dispersion": phi, "value": 0})
            continue
        low, high = (mpf(mu), mpf(mu) * 200) if z > 0 else (mpf(0), mpf(mu))
        for _ in range(200):
            middle = (low + high) / 2
            if residual(middle, mu, phi) < z:
                low = middle
            else:
                high = middle
        bounds.append({"residual": z, "expected": mu, "dispersion": phi, "value": float((low + high) / 2)})

# Peaks over threshold: told at 50 figures, then whenever there are a tenth more.
figures = [float(v) for v in np.concatenate([rng.exponential(1, 300), rng.exponential(3, 100)])]
surprises, told, at = [], None, 50
for i, figure in enumerate(figures):
    surprise = 0.0
    if told is not None and figure > told[0]:
        surprise = -math.log10(0.02) + (figure - told[0]) / told[1] / math.log(10)
    surprises.append(surprise)
    known = i + 1
    if known >= at:
        ordered = np.sort(figures[:known])[::-1]
        peaks = max(3, math.floor(0.02 * known))
        u = ordered[peaks]
        told = (u, float(np.mean(ordered[:peaks] - u)))
        at = math.ceil(known * 1.1)

path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps({
    "plain": plain, "counts": counts, "bounds": bounds, "tail": {"figures": figures, "surprises": surprises},
}))
