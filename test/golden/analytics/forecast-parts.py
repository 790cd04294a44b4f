"""Writes forecast-parts.json: ridge regression on lags in closed form, smoothing and Theta by statsmodels and NumPy.

pip install numpy statsmodels && python forecast-parts.py
"""
import json
import pathlib

import numpy as np
from statsmodels.tsa.holtwinters import Holt, SimpleExpSmoothing

rng = np.random.default_rng(20260105)
n, period, h = 120, 7, 10
week = np.array([0.8, 0.9, 1.0, 1.0, 1.1, 1.4, 0.8])
noise = np.zeros(n)
for i in range(1, n):
    noise[i] = 0.6 * noise[i - 1] + rng.normal()
y = np.round(200 + 0.5 * np.arange(n) + 60 * (week[np.arange(n) % period] - 1) + 8 * noise, 3)


def autoregression(y, lags, difference, ridge, memory, h):
    """Weighted ridge regression with an unpenalised constant, in the normal equations' closed form; then step by step."""
    z = y - y.mean() if difference == 0 else np.r_[np.full(difference, np.nan), y[difference:] - y[:-difference]]
    first = max(lags) + difference
    rows = np.array([[1.0] + [z[i - lag] for lag in lags] for i in range(first, len(y))])
    target = z[first:]
    growth = 1 / (1 - 1 / memory)
    w = growth ** np.arange(len(target))
    # The penalty is in observations of a typical one: their weighted variance, at the weight of the next one.
    mean = np.average(rows[:, 1], weights=w)
    typical = np.average(rows[:, 1] ** 2, weights=w) - mean**2
    penalty = np.diag([0.0] + [ridge * typical * growth ** len(target)] * len(lags))
    beta = np.linalg.solve(rows.T @ (w[:, None] * rows) + penalty, rows.T @ (w * target))
    z, levels = list(z), list(y)
    for _ in range(h):
        step = beta[0] + sum(b * z[-lag] for b, lag in zip(beta[1:], lags))
        z.append(step)
        levels.append(step + (y.mean() if difference == 0 else levels[-difference]))
    return levels[len(y):]


fits = [
    dict(lags=[1, 2, 7, 8], difference=0, ridge=0.3, memory=1e9),
    dict(lags=[1, 2, 3, 7, 8], difference=7, ridge=0.3, memory=1e9),
    dict(lags=[1, 2, 3, 4, 5, 6, 7, 8, 14], difference=1, ridge=0.3, memory=60),
]
start = y[:4].mean()
ses = SimpleExpSmoothing(y, initialization_method="known", initial_level=start).fit(smoothing_level=0.3, optimized=False)
holt = Holt(y, damped_trend=True, initialization_method="known", initial_level=start, initial_trend=0.0).fit(
    smoothing_level=0.5, smoothing_trend=0.1, damping_trend=0.9, optimized=False
)
level = float(ses.forecast(1)[0])
slope = float(np.polyfit(np.arange(n), y, 1)[0])
theta = [level + slope / 2 * (k + 1 / 0.3 - 0.7**n / 0.3) for k in range(h)]
golden = {
    "y": y.tolist(),
    "h": h,
    "autoregressions": [{**fit, "forecast": autoregression(y, **fit, h=h)} for fit in fits],
    "ses": {"alpha": 0.3, "level": level},
    "theta": {"alpha": 0.3, "forecast": theta},
    "damped": {"alpha": 0.5, "beta": 0.1, "phi": 0.9, "forecast": holt.forecast(h).tolist()},
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(golden, indent=1) + "\n")
