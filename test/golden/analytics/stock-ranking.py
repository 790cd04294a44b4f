"""Writes stock-ranking.json: the posterior of each stock source by another road than the program's.

The program solves the mixed-model equations of (mean, sources); here each release's weighted score is a draw of a
multivariate Student's t with its whole covariance, and sources come from their covariance with the scores.

pip install numpy scipy && python stock-ranking.py
"""

import datetime
import json
import pathlib

import numpy as np
from scipy import stats

AS_OF = datetime.date(2026, 6, 30)
NODES, SCALE, DEGREES, NEUTRAL = 12, 2.0, 3.0, 2.0


def posterior(usages, events, half_life):
    names = sorted({name for name, _, _ in usages})
    scored = sorted((r, s, age) for r, s, age in events if any(u[2] == r for u in usages))
    n, k = len(scored), len(names)
    y = np.array([s - 5 for _, s, _ in scored])
    d = np.array([2.0 ** (-age / half_life) for _, _, age in scored])
    share = np.zeros((n, k))
    for i, (release, _, _) in enumerate(scored):
        clips = {(name, clip) for name, clip, r in usages if r == release}
        for name, _ in clips:
            share[i, names.index(name)] += 1 / len(clips)
    w = d * d.sum() / (d * d).sum() if n else d
    total = w.sum()
    ybar = (w @ y) / total if n else 0.0
    whole = (NEUTRAL * 100 / 12 + w @ (y - ybar) ** 2) / (NEUTRAL + total)
    results = []
    for node in range(NODES):
        # The median of a half-Cauchy distribution is its scale.
        rho = stats.halfcauchy.ppf((node + 0.5) / NODES, scale=SCALE)
        # Covariances over σ²: of the scores, of each source's mean with them, and of the means.
        cov = 1 / NEUTRAL + rho**2 * share @ share.T + np.diag(1 / w) if n else np.zeros((0, 0))
        cross = 1 / NEUTRAL + rho**2 * share.T
        own = np.full(k, 1 / NEUTRAL + rho**2)
        inverse = np.linalg.inv(cov) if n else cov
        q = y @ inverse @ y
        # The likelihood to the power of w has Σw degrees of freedom, not n, and Π w is the same for every ρ.
        degrees = DEGREES + total
        log_evidence = -0.5 * np.linalg.slogdet(cov)[1] if n else 0.0
        log_evidence -= 0.5 * degrees * np.log(DEGREES * whole + q)
        s2 = (DEGREES * whole + q) / (degrees - 2)
        mean = cross @ inverse @ y
        variance = s2 * (own - np.einsum("ij,jk,ik->i", cross, inverse, cross))
        prior = (np.full(n, 1 / NEUTRAL) @ inverse @ y) if n else 0.0
        results.append((log_evidence, mean, variance, prior, rho**2 / (1 + rho**2)))
    logs = np.array([r[0] for r in results])
    p = np.exp(logs - logs.max())
    p /= p.sum()
    mean = sum(pi * r[1] for pi, r in zip(p, results))
    second = sum(pi * (r[2] + r[1] ** 2) for pi, r in zip(p, results))
    return {
        "prior": float(5 + sum(pi * r[3] for pi, r in zip(p, results))),
        "variance_share": float(sum(pi * r[4] for pi, r in zip(p, results))),
        "sources": {
            name: [float(5 + mean[i]), float(np.sqrt(second[i] - mean[i] ** 2))] for i, name in enumerate(names)
        },
    }


def history(seed, sources, releases, mix, oldest):
    rng = np.random.default_rng(seed)
    worth = 5 + rng.normal(size=sources)
    usages, events = [], []
    for release in range(1, releases + 1):
        clips = 1 + rng.integers(3 * mix)
        chosen = rng.integers(sources, size=mix)[rng.integers(mix, size=clips)]
        usages += [[f"source-{s:02d}", f"clip-{c}", release] for c, s in enumerate(chosen)]
        score = float(np.clip(worth[chosen].mean() + 2 * rng.normal(), 0, 10).round(3))
        events.append([release, score, int(rng.integers(oldest))])
    return usages, events


cases = []
for name, half_life, (usages, events) in [
    ("nothing scored", 30, ([["b", "x", 1], ["a", "x", 2]], [])),
    ("one release", 30, ([["a", "x", 1]], [[1, 9.0, 3]])),
    ("scores all alike", 30, ([["a", "x", r] for r in range(1, 9)], [[r, 7.0, r] for r in range(1, 9)])),
    ("the scale's ends", 30, ([["a" if r % 2 else "b", "x", r] for r in range(1, 41)], [[r, 10.0 * (r % 2), r] for r in range(1, 41)])),
    ("one source a release", 30, history(1, 5, 40, 1, 200)),
    ("three sources a release", 14, history(2, 8, 60, 3, 150)),
    ("more sources than releases", 90, history(3, 20, 12, 4, 400)),
    ("always together", 30, ([[s, "x", r] for r in range(1, 11) for s in "ab"], [[r, float(r % 7), 0] for r in range(1, 11)])),
]:
    cases.append({"name": name, "half_life_days": half_life, "as_of": AS_OF.isoformat(), "usages": usages,
                  "events": [[r, s, (AS_OF - datetime.timedelta(days=a)).isoformat()] for r, s, a in events],
                  "expected": posterior(usages, events, half_life)})
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(cases, indent=1) + "\n")
