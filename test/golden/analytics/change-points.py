"""Writes change-points.json: optimal segmentations by ruptures, likelihoods of AR(1) noise by statsmodels.

pip install numpy ruptures statsmodels && python change-points.py
"""

import json
import pathlib

import numpy as np
import ruptures as rpt
from statsmodels.tsa.arima.model import ARIMA

rng = np.random.default_rng(20260105)


def levels(n, at, step):
    y = rng.normal(size=n)
    for k, i in enumerate(at):
        y[i:] += step * (-1) ** k
    return y


def bends(n, at, slope):
    y = rng.normal(size=n)
    for k, i in enumerate(at):
        y[i:] += slope * (-1) ** k * np.arange(n - i)
    return y


SERIES = {
    "short levels": levels(40, [12, 25], 3),
    "levels": levels(150, [30, 75, 110], 2),
    "noise": rng.normal(size=120),
    "bends": bends(120, [40, 80], 0.3),
    "walk": np.cumsum(rng.normal(size=100)),
}


def exact(y, min_size, model):
    """Costs and places of the best segmentations into one to five segments."""
    n = len(y)
    signal = y.reshape(-1, 1) if model == "l2" else np.column_stack([y, np.ones(n), np.arange(n)])
    solver = rpt.Dynp(model=model, min_size=min_size, jump=1).fit(signal)
    out = []
    for changes in range(5):
        edges = [n] if changes == 0 else solver.predict(n_bkps=changes)
        cost, start = 0.0, 0
        for end in edges:
            x = np.arange(start, end) - (start + end - 1) / 2
            part = y[start:end]
            design = np.ones((len(x), 1)) if model == "l2" else np.column_stack([np.ones(len(x)), x])
            fit = np.linalg.lstsq(design, part, rcond=None)[0]
            cost += float(((part - design @ fit) ** 2).sum())
            start = end
        out.append({"starts": [int(e) for e in edges[:-1]], "cost": cost})
    return out


def pelt(y, min_size, penalty):
    return [int(e) for e in rpt.Pelt(model="l2", min_size=min_size, jump=1).fit(y).predict(pen=penalty)[:-1]]


def deviance(y, phi):
    """-2 log likelihood of AR(1) at its best variance, but for n (1 + log 2 pi)."""
    innovations = y[0] ** 2 * (1 - phi**2) + ((y[1:] - phi * y[:-1]) ** 2).sum()
    n = len(y)
    model = ARIMA(y, order=(1, 0, 0), trend="n", enforce_stationarity=True)
    value = -2 * model.loglike([phi, innovations / n])
    return float(value - n * (1 + np.log(2 * np.pi)))


def autocorrelation(y):
    raw = (y[1:] * y[:-1]).sum() / (y**2).sum()
    return float(min(0.99, max(0, raw + (1 + 3 * raw) / len(y))))


cases = []
for name, y in SERIES.items():
    z = (y - y.mean()) / y.std()
    phi = autocorrelation(z)
    cases.append(
        {
            "name": name,
            "y": y.tolist(),
            "levels": exact(y, 5, "l2"),
            "lines": exact(y, 5, "linear"),
            "pelt": [{"penalty": p, "starts": pelt(y, 2, p)} for p in (3.0, 8.0, 20.0)],
            "autocorrelation": phi,
            "deviance": deviance(z, phi),
        }
    )

pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps({"cases": cases}, indent=1) + "\n")
