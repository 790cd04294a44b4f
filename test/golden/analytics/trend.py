"""Writes trend.json: slopes over AR(1) noise, autoregressions, seasonal decompositions, tests of a period and growth.

Medians of slopes, rank tests and distributions are SciPy's; Yule-Walker and the centred means statsmodels'; the
rest is plain NumPy on matrices, where the program uses running sums.

pip install numpy scipy statsmodels && python trend.py
"""

import json
import pathlib

import numpy as np
from scipy import stats
from statsmodels.regression.linear_model import yule_walker
from statsmodels.tsa.seasonal import seasonal_decompose

rng = np.random.default_rng(20260112)


def ar1(n, phi):
    noise = rng.normal(size=n)
    values = np.empty(n)
    state = noise[0] / np.sqrt(1 - phi**2)
    for i in range(n):
        state = phi * state + noise[i]
        values[i] = state
    return values


def memory(y):
    n = len(y)
    residuals = y - np.polyval(np.polyfit(np.arange(n), y, 2), np.arange(n))
    centred = residuals - residuals.mean()
    rho = (centred[1:] @ centred[:-1]) / (centred @ centred)
    return max(-0.95, min(0.98, (n * rho + 3) / (n - 5)))


def slope_case(name, y):
    n = len(y)
    x = np.arange(n)
    phi = memory(y)
    if y.min() > 0 and y.max() > 4 * y.min():
        phi = min(phi, memory(np.log(y)))
    phi = min(0.98, max(0, phi + 0.5 * np.sqrt((1 - phi**2) / n)))
    centred = x - x.mean()
    correlation = phi ** np.abs(np.subtract.outer(x, x))
    slope_inflation = max(1, centred @ correlation @ centred / (centred @ centred))
    ranks = 6 / np.pi * np.arcsin(phi ** np.arange(1, n) / 2)
    lags = np.arange(1, n)
    weights = (n - lags) * (n - lags - 1) * (n - lags - 2)
    score_inflation = 1 + 2 / (n * (n - 1) * (n - 2)) * (weights * ranks)[phi**lags > 1e-6 * phi].sum()
    freedom = max(2, n * (1 - phi) / (1 + phi)) - 1
    widening = np.sqrt(slope_inflation) * stats.t.ppf(0.975, freedom) / stats.norm.ppf(0.975)
    sen = stats.theilslopes(y, x, 0.95)
    score = np.sign(np.subtract.outer(y, y))[np.tril_indices(n, -1)].sum()
    _, ties = np.unique(y, return_counts=True)
    variance = (n * (n - 1) * (2 * n + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18
    z = (score - np.sign(score)) / np.sqrt(variance * score_inflation)
    return {
        "name": name,
        "y": y.tolist(),
        "slope": sen.slope,
        "low": sen.slope - widening * (sen.slope - sen.low_slope),
        "high": sen.slope + widening * (sen.high_slope - sen.slope),
        "tau": float(score / (n * (n - 1) / 2)),
        "p": float(2 * stats.t.sf(abs(z), freedom)),
        "phi": float(phi),
    }


def autoregression(x, most):
    n = len(x)
    best = None
    for order in range(1, most + 1):
        # statsmodels divides by n, about zero: 'mle', demeaned outside.
        phi, sigma = yule_walker(x, order=order, method="mle", demean=False)
        criterion = n * np.log(sigma**2) + order * np.log(n)
        if best is None or criterion < best[0]:
            best = (criterion, phi, sigma**2)
    return best[1], best[2]


def autoregression_case(name, x):
    phi, variance = autoregression(x, 5)
    return {"name": name, "x": x.tolist(), "phi": phi.tolist(), "variance": float(variance)}


def trimmed(group):
    group = np.sort(group)
    cut = max(1, len(group) // 5) if len(group) >= 4 else 0
    return group[cut : len(group) - cut].mean()


def decomposition_case(name, y, period, model):
    trend = seasonal_decompose(y, model=model, period=period).trend
    detrended = y / trend if model == "multiplicative" else y - trend
    known = np.flatnonzero(~np.isnan(trend))
    groups = [detrended[known[known % period == k]] for k in range(period)]
    effects = np.array([trimmed(group) for group in groups])
    effects = effects / effects.mean() if model == "multiplicative" else effects - effects.mean()
    return {
        "name": name,
        "y": y.tolist(),
        "period": period,
        "effects": effects.tolist(),
        "p": float(stats.kruskal(*groups).pvalue),
    }


def clip(x, centre=0.0):
    limit = 4 * stats.median_abs_deviation(x - centre, scale="normal", center=lambda v, axis=None: 0.0)
    return np.clip(x, -limit, limit) if limit > 0 else x


def corrected_autoregression(x, most, slow):
    """Yule-Walker by a Toeplitz solve, after what slow regressors took is put back."""
    from scipy.linalg import toeplitz

    n = len(x)
    c = np.array([x[lag:] @ x[: n - lag] / n for lag in range(most + 1)])
    phi1 = max(0, c[1] / c[0])
    c = c + min(1, slow * (1 + phi1) / ((1 - phi1) * n)) * c[0]
    best = None
    for order in range(1, most + 1):
        phi = np.linalg.solve(toeplitz(c[:order]), c[1 : order + 1])
        criterion = n * np.log(c[0] - phi @ c[1 : order + 1]) + order * np.log(n)
        if best is None or criterion < best[0]:
            best = (criterion, phi)
    return best[1]


def pattern_of(x, period, harmonics):
    """Phase means about the mean, and of them the first waves alone by least squares over the phases."""
    known = ~np.isnan(x)
    mean = x[known].mean()
    means = np.array([x[k::period][known[k::period]].mean() for k in range(period)]) - mean
    if 2 * harmonics >= period - 1:
        return mean, means
    k = np.arange(period)
    waves = [f(2 * np.pi * h * k / period) for h in range(1, harmonics + 1) for f in (np.cos, np.sin)]
    design = np.array(waves).T
    return mean, design @ (design.T @ means) * 2 / period


def period_case(name, x, period):
    tests = []
    whole = period // 2
    for harmonics in sorted({h for h in (1, 2, 3, whole) if h <= whole}):
        mean, pattern = pattern_of(x, period, harmonics)
        rest = clip(x - mean - np.resize(pattern, len(x)))
        order = max(1, min(5, len(x) // 20))
        phi = corrected_autoregression(rest, order, 2 + (2 * harmonics if harmonics < whole else 0))
        q = len(phi)
        new = np.full(len(x), np.nan)
        for i in range(q, len(x)):
            new[i] = x[i] - phi @ x[i - q : i][::-1]
        known = new[q:]
        new[q:] = clip(known)
        mean, pattern = pattern_of(new, period, harmonics)
        total = ((new[q:] - mean) ** 2).sum()
        phases = np.array([np.nanmean(new[k::period]) for k in range(period)]) - mean
        counts = np.array([np.sum(~np.isnan(new[k::period])) for k in range(period)])
        explained = (counts * pattern * (2 * phases - pattern)).sum()
        degrees = min(period - 1, 2 * harmonics)
        free = len(known) - degrees - q - 2
        f = (explained / degrees) / ((total - explained) / free)
        tests.append({"harmonics": harmonics, "log_p": float(stats.f.logsf(f, degrees, free))})
    return {"name": name, "x": x.tolist(), "period": period, "tests": tests}


def growth_case(name, y, phi):
    first, last = y[:7], y[-7:]
    before, after = first.mean(), last.mean()
    inflation = sum(phi ** abs(i - j) for i in range(7) for j in range(7)) / 7
    squares = (((first / before - 1) ** 2).sum() + ((last / after - 1) ** 2).sum()) / 12
    shown = 2 * (7 - inflation) / 12
    error = np.sqrt(squares / max(shown, 0.05) * 2 * inflation / 7)
    factor = np.exp(stats.t.ppf(0.975, 12) * error)
    growth = after / before - 1
    return {
        "name": name,
        "y": y.tolist(),
        "phi": phi,
        "growth": float(growth),
        "low": float((1 + growth) / factor - 1),
        "high": float((1 + growth) * factor - 1),
    }


days = np.arange(120.0)
week = np.array([0.8, 0.9, 1.0, 1.0, 1.1, 1.3, 0.9])
amounts = 1000 * (1 + days / 200) * np.resize(week, 120) * np.exp(0.1 * rng.normal(size=120))
golden = {
    "slopes": [
        slope_case("white noise", 5 + 0.1 * np.arange(60) + rng.normal(size=60)),
        slope_case("noise that remembers", 0.05 * np.arange(90) + ar1(90, 0.6)),
        slope_case("counts with ties", np.round(20 + 0.1 * np.arange(50) + 3 * rng.normal(size=50))),
        slope_case("a decay over several factors", 1000 * np.exp(-np.arange(80) / 30 + 0.1 * rng.normal(size=80))),
        slope_case("few points", np.array([3.0, 4.5, 4.0, 6.5, 5.0, 7.5, 9.0, 8.5, 10.0, 12.0])),
    ],
    "autoregressions": [
        autoregression_case("white noise", rng.normal(size=200)),
        autoregression_case("one value remembered", ar1(200, 0.7)),
        autoregression_case("differences", np.diff(rng.normal(size=301))),
    ],
    "decompositions": [
        decomposition_case("a week, by factors", amounts, 7, "multiplicative"),
        decomposition_case("an even period, by differences", amounts[:60] - 1500, 12, "additive"),
        decomposition_case("three weeks", amounts[:21], 7, "multiplicative"),
    ],
    "periods": [
        period_case("a week in noise", np.resize(week - week.mean(), 140) * 3 + rng.normal(size=140), 7),
        period_case("a wave in noise that remembers", np.sin(2 * np.pi * np.arange(200) / 12) + ar1(200, 0.5), 12),
        period_case("nothing", ar1(150, 0.8), 9),
    ],
    "growth": [
        growth_case("independent days", amounts, 0.0),
        growth_case("days that remember", amounts, 0.6),
    ],
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(golden, indent=1) + "\n")
