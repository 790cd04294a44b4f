"""Writes ab_tests.json. SciPy and statsmodels where their own numerics reach 1e-11, mpmath at 40 digits for the
noncentral t distribution, and a root search for Fieller's limits.

pip install scipy statsmodels mpmath && python ab_tests.py
"""

import json
import math
import pathlib

from mpmath import mp, mpf, quad, inf, sqrt, gamma, exp, erfc, loggamma, log
from scipy import optimize, stats
from statsmodels.stats import power as smp, proportion as smprop

mp.dps = 40

tables = [(5000, 250, 5100, 310), (100, 3, 90, 11), (40, 1, 35, 0), (12, 12, 10, 4), (20, 0, 25, 3), (800, 400, 790, 399), (2000000, 1000, 1999000, 1200)]
proportions = []
for n0, k0, n1, k1 in tables:
    for level in (0.05, 0.001):
        row = {
            "control": [n0, k0],
            "variant": [n1, k1],
            "level": level,
            "wilson": list(smprop.proportion_confint(k1, n1, level, "wilson")),
            "newcombe": list(smprop.confint_proportions_2indep(k1, n1, k0, n0, compare="diff", method="newcomb", alpha=level)),
            "lift": None,
            "fisher": float(stats.fisher_exact([[k1, n1 - k1], [k0, n0 - k0]])[1]) if n0 < 10000 else None,
        }
        if k0 and k1:
            low, high = smprop.confint_proportions_2indep(k1, n1, k0, n0, compare="ratio", method="log", alpha=level)
            row["lift"] = [low - 1, high - 1]
        z, p = smprop.proportions_ztest([k1, k0], [n1, n0])
        row["z"], row["p"] = float(z), float(p)
        proportions.append(row)

means = []
for c, v in [((30, 5.2, 1.4), (28, 6.0, 2.9)), ((12, 100.0, 400.0), (200, 103.0, 90.0)), ((5000, 1e8, 25.0), (5100, 1e8 + 0.4, 30.0)), ((10, 0.4, 9.0), (11, 0.1, 8.0)), ((50, 2.0, 0.01), (50, 9.0, 0.02))]:
    for level in (0.05, 0.002):
        (n0, m0, v0), (n1, m1, v1) = c, v
        a, b = mpf(v0) / n0, mpf(v1) / n1
        df = float((a + b) ** 2 / (a * a / (n0 - 1) + b * b / (n1 - 1)))
        t = float((mpf(m1) - mpf(m0)) / sqrt(a + b))
        p = float(2 * stats.t.sf(abs(t), df))
        q = float(stats.t.isf(level / 2, df))
        se = float(sqrt(a + b))
        fieller = None
        if m0 > 0 and m0 * m0 > q * q * v0 / n0:
            def excess(r):
                return (m1 - r * m0) ** 2 - q * q * (v1 / n1 + r * r * v0 / n0)
            centre = m1 / m0
            # Widen until both sides are outside.
            step = abs(q) * math.sqrt(v1 / n1 + centre ** 2 * v0 / n0) / m0 * 0.5
            lo, hi = centre, centre
            while excess(lo) < 0 or lo == centre:
                lo -= step
            while excess(hi) < 0 or hi == centre:
                hi += step
            def exact(r):
                r = mpf(r)
                return (mpf(m1) - r * mpf(m0)) ** 2 - mpf(q) ** 2 * (b + r * r * a)
            from mpmath import findroot
            low = findroot(exact, (lo, centre), solver="anderson", tol=1e-60, verify=False)
            high = findroot(exact, (centre, hi), solver="anderson", tol=1e-60, verify=False)
            fieller = [float(low - 1), float(high - 1)]
        means.append({"control": c, "variant": v, "level": level, "t": t, "df": df, "p": p, "interval": [float(mpf(m1) - mpf(m0)) - q * se, float(mpf(m1) - mpf(m0)) + q * se], "fieller": fieller})


def phi_sf(z):
    return erfc(z / sqrt(2)) / 2


def noncentral_two_sided(t, df, shift):
    """P(|T| > t) as an integral over the chi distribution of the estimated deviation."""
    t, df, shift = mpf(t), mpf(df), mpf(shift)
    log_front = (1 - df / 2) * log(2) - loggamma(df / 2) + df / 2 * log(df)

    def density(s):
        if s <= 0:
            return mpf(0)
        return exp(log_front + (df - 1) * log(s) - df * s * s / 2)

    width = 1 / sqrt(2 * df)
    points = sorted({mpf(0)} | {max(mpf(0), 1 + k * width) for k in range(-24, 60, 2)})
    return quad(lambda s: density(s) * (phi_sf(t * s - shift) + phi_sf(t * s + shift)), points)


noncentral = [[t, df, shift, float(noncentral_two_sided(t, df, shift))] for t, df, shift in [(2.1, 18, 0.0), (2.1, 18, 2.5), (2.1, 18, -2.5), (0.3, 5, 0.1), (3.5, 7.5, 1.0), (6.0, 40, 2.0), (2.4, 400, 3.2), (9.0, 12, 0.5), (2.0, 3, 12.0), (1.97, 5000, 2.9), (14.0, 60, 3.0)]]

mean_power = []
for d, n0, n1, level in [(0.5, 64, 64, 0.05), (0.2, 150, 300, 0.01), (1.2, 6, 9, 0.05), (0.05, 4000, 4000, 0.0168), (0.0, 30, 30, 0.05)]:
    df = n0 + n1 - 2
    tc = stats.t.isf(level / 2, df)
    ours = float(noncentral_two_sided(tc, df, d / math.sqrt(1 / n0 + 1 / n1)))
    theirs = smp.TTestIndPower().power(d, n0, level, ratio=n1 / n0)
    assert abs(ours - theirs) < 1e-8 * ours, (ours, theirs)
    mean_power.append([d, n0, n1, level, ours])

proportion_power = [
    [p0, p1, n0, n1, level, float(smprop.power_proportions_2indep(p1 - p0, p0, n1, ratio=n0 / n1, alpha=level, return_results=False))]
    for p0, p1, n0, n1, level in [(0.05, 0.06, 4000, 4000, 0.05), (0.3, 0.2, 150, 300, 0.01), (0.001, 0.0015, 100000, 90000, 0.0168), (0.5, 0.5, 100, 100, 0.05)]
]

def smallest(power_at, target):
    n = 2
    while power_at(n) < target:
        n *= 2
    low, high = n // 2, n
    while high - low > 1:
        mid = (low + high) // 2
        if power_at(mid) >= target:
            high = mid
        else:
            low = mid
    return high

mean_sizes = [[d, level, power, smallest(lambda n: smp.TTestIndPower().power(d, n, level), power)] for d, level, power in [(0.5, 0.05, 0.8), (0.2, 0.01, 0.9), (0.05, 0.05, 0.8), (1.5, 0.02, 0.95)]]
proportion_sizes = [
    [p0, p1, level, power, smallest(lambda n: smprop.power_proportions_2indep(p1 - p0, p0, n, alpha=level, return_results=False), power)]
    for p0, p1, level, power in [(0.05, 0.06, 0.05, 0.8), (0.1, 0.15, 0.01, 0.9), (0.5, 0.45, 0.05, 0.8)]
]

def brownian_maximum(b):
    """By the theta series of images at 40 digits."""
    return float(4 * sum((-1) ** k * phi_sf((2 * k + 1) * mpf(b)) for k in range(400)))

def quantiles(values):
    import numpy
    return [float(x) for x in numpy.quantile(values, [0.3, 0.5, 0.7], method="linear")]

lists = [[1, 2, 3, 4, 5], [10.5, 3.25, 99, 0, 7, 7, 12], [1e8 + k * 0.1 for k in (5, 1, 9, 2, 2, 7)], [-3, -1, -1, 0, 1e-9, 1e9]]

golden = {
    "proportions": proportions,
    "means": means,
    "noncentral_two_sided": noncentral,
    "mean_power": mean_power,
    "proportion_power": proportion_power,
    "mean_sizes": mean_sizes,
    "proportion_sizes": proportion_sizes,
    "brownian_maximum": [[b, brownian_maximum(b)] for b in (0.3, 0.8, 1.0, 1.5, 2.241402727604947, 2.8, 4.0, 6.0)],
    "sample_ratio": [[counts, shares, *map(float, stats.chisquare(counts, [sum(counts) * s / sum(shares) for s in shares]))] for counts, shares in [([500, 520], [1, 1]), ([1000, 900, 1100], [1, 1, 1]), ([9000, 1100], [9, 1]), ([50000, 52000], [1, 1])]],
    "quantiles": [[values, quantiles(values)] for values in lists],
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(golden, indent=1) + "\n")
