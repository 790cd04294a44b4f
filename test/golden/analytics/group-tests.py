"""Writes group-tests.json: group tests, effect sizes, noncentral F, partial and pooled correlations, adjustments.

pip install scipy statsmodels numpy && python group-tests.py
"""

import itertools
import json
import math
import pathlib

import numpy as np
import statsmodels.api as sm
from scipy import optimize, special, stats
from statsmodels.stats.meta_analysis import combine_effects
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.oneway import anova_oneway

rng = np.random.default_rng(20260212)


def plain(x):
    return np.asarray(x, dtype=float).tolist()


def hedges(a, b):
    n1, n2 = len(a), len(b)
    df = n1 + n2 - 2
    pooled = math.sqrt(((n1 - 1) * np.var(a, ddof=1) + (n2 - 1) * np.var(b, ddof=1)) / df)
    unbiased = math.exp(special.gammaln(df / 2) - special.gammaln((df - 1) / 2)) / math.sqrt(df / 2)
    g = unbiased * (np.mean(a) - np.mean(b)) / pooled
    error = math.sqrt((n1 + n2) / (n1 * n2) + g * g / (2 * (n1 + n2)))
    z = stats.norm.ppf(0.975)
    return [g, g - z * error, g + z * error]


def pair(name, a, b, offset=0.0, scale=1.0):
    """The test of the bare values: SciPy itself loses digits to an offset and overflows, the project must not."""
    bare_a, bare_b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    a, b = bare_a * scale + offset, bare_b * scale + offset
    t = stats.ttest_ind(bare_a, bare_b, equal_var=False)
    interval = t.confidence_interval(0.95)
    u = stats.mannwhitneyu(bare_a, bare_b).statistic
    h = stats.kruskal(bare_a, bare_b)
    return {
        "name": name,
        "a": plain(a),
        "b": plain(b),
        "t": float(t.statistic),
        "df": float(t.df),
        "p": float(t.pvalue),
        "low": float(interval.low * scale),
        "high": float(interval.high * scale),
        "g": [float(v) for v in hedges(bare_a, bare_b)],
        "rank_biserial": float(2 * u / (len(a) * len(b)) - 1),
        "h": float(h.statistic),
        "h_p": float(h.pvalue),
    }


def several(name, groups):
    groups = [np.asarray(g, dtype=float) for g in groups]
    f = stats.f_oneway(*groups)
    welch = anova_oneway(groups, use_var="unequal", welch_correction=True)
    h = stats.kruskal(*groups)
    pooled = np.concatenate(groups)
    n, k = len(pooled), len(groups)
    between = sum(len(g) * (g.mean() - pooled.mean()) ** 2 for g in groups)
    total = ((pooled - pooled.mean()) ** 2).sum()
    within = (total - between) / (n - k)
    return {
        "name": name,
        "groups": [plain(g) for g in groups],
        "f": float(f.statistic),
        "p": float(f.pvalue),
        "eta": float(between / total),
        "omega": float((between - (k - 1) * within) / (total + within)),
        "welch_f": float(welch.statistic),
        "welch_df": float(welch.df[1]),
        "welch_p": float(welch.pvalue),
        "h": float(h.statistic),
        "h_p": float(h.pvalue),
    }


def noncentral(f, d1, d2, n):
    def limit(p):
        gap = lambda nc: stats.ncf.cdf(f, d1, d2, nc) - p
        if stats.f.cdf(f, d1, d2) <= p:
            return 0.0
        high = 10.0
        while gap(high) > 0:
            high *= 2
        return optimize.brentq(gap, 1e-12, high, xtol=1e-13, rtol=1e-14)

    low, high = limit(0.975), limit(0.025)
    return [f, d1, d2, n, low / (low + n), high / (high + n)]


def partial(name, x, y, controls):
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    c = np.column_stack(controls)
    full = sm.OLS(y, sm.add_constant(np.column_stack([x, c]))).fit()
    bare = sm.OLS(y, sm.add_constant(c)).fit()
    q = 1 if x.ndim == 1 else x.shape[1]
    columns = [plain(x)] if q == 1 else [plain(x[:, i]) for i in range(q)]
    share = (bare.ssr - full.ssr) / bare.ssr
    f = full.compare_f_test(bare)
    r = math.sqrt(share) * (np.sign(full.params[1]) if q == 1 else 1)
    return {
        "name": name,
        "x": columns,
        "y": plain(y),
        "controls": [plain(column) for column in controls],
        "r": float(r),
        "p": float(f[1]),
        "df": float(full.df_resid),
    }


def strata(sizes):
    rows = []
    for i, n in enumerate(sizes):
        x = rng.normal(size=n)
        rows.append((x, 0.3 * i * x + rng.normal(size=n)))
    r = np.array([stats.pearsonr(x, y).statistic for x, y in rows])
    pooled = combine_effects(np.arctanh(r), 1 / (np.array(sizes) - 3.0))
    frame = pooled.summary_frame().loc["fixed effect"]
    z = frame["eff"] / frame["sd_eff"]
    return {
        "x": [plain(x) for x, _ in rows],
        "y": [plain(y) for _, y in rows],
        "pooled": float(math.tanh(frame["eff"])),
        "low": float(math.tanh(frame["ci_low"])),
        "high": float(math.tanh(frame["ci_upp"])),
        "p": float(2 * stats.norm.sf(abs(z))),
        "q": float(pooled.q),
        "q_p": float(stats.chi2.sf(pooled.q, len(sizes) - 1)),
        "i2": float(max(0, pooled.i2)),
    }


def permuted(x, y):
    rx, ry = stats.rankdata(x), stats.rankdata(y)
    seen = abs(np.corrcoef(rx, ry)[0, 1])
    orders = [abs(np.corrcoef(rx, o)[0, 1]) for o in itertools.permutations(ry)]
    return {"x": plain(x), "y": plain(y), "p": float(np.mean(np.array(orders) >= seen - 1e-12))}


age = rng.uniform(10, 700, size=60)
level = (rng.random(60) < 0.4).astype(float)
hour = rng.integers(0, 24, size=60)
angle = np.column_stack([np.cos(2 * np.pi * hour / 24), np.sin(2 * np.pi * hour / 24)])
kinds = rng.integers(0, 4, size=60)
p_values = [0.01, 0.04, 0.03, 0.005, 0.55, 0.0004, 0.04, 1.0, 1e-67]
golden = {
    "pairs": [
        pair("unequal", rng.normal(1, 1, 20), rng.normal(0, 3, 45)),
        pair("counts with ties", rng.poisson(3, 12), rng.poisson(5, 31)),
        pair("offset of 1e8", np.round(rng.normal(2, 1, 25) * 1024) / 1024, np.round(rng.normal(0, 2, 19) * 1024) / 1024, 1e8),
        pair("tail of 1e-67", rng.normal(9, 1, 60), rng.normal(0, 1, 60)),
        pair("two against many", [1.0, 4.0], rng.normal(0, 1, 80)),
        pair("huge", rng.normal(1, 1, 15), rng.normal(0, 1, 15), 0.0, 2.0**500),
    ],
    "several": [
        several("three", [rng.normal(i, 1 + i, 15 + 5 * i) for i in range(3)]),
        several("seven, none differs", [rng.lognormal(0, 1, 8 + i) for i in range(7)]),
        several("ties", [rng.poisson(2 + i, 20) for i in range(4)]),
        several("far tail", [rng.normal(20 * i, 1, 30) for i in range(3)]),
    ],
    "noncentral_f": [
        [f, d1, d2, nc, float(stats.ncf.cdf(f, d1, d2, nc))]
        for f in (0.2, 1.0, 4.0, 30.0)
        for d1, d2 in ((1, 10), (2, 57), (6, 350))
        for nc in (0.5, 5.0, 60.0, 400.0)
    ],
    "explained": [noncentral(f, d1, d2, d1 + d2 + 1) for f, d1, d2 in ((0.4, 2, 50), (3.0, 2, 50), (12.0, 6, 200), (90.0, 3, 30))],
    "partials": [
        partial("one by age", 0.01 * age + rng.normal(size=60), 0.005 * age + rng.normal(size=60), [age, np.log1p(age)]),
        partial("sign", -level + 0.3 * rng.normal(size=60), level + 0.5 * rng.normal(size=60) + rng.normal(size=60), [age]),
        partial("hour by level", angle, np.cos(2 * np.pi * hour / 24) + level + rng.normal(size=60), [level, age]),
        partial(
            "kinds by age",
            np.column_stack([(kinds == i).astype(float) for i in (1, 2, 3)]),
            kinds * 0.4 + rng.normal(size=60),
            [age, level],
        ),
    ],
    "strata": [strata([12, 30, 21]), strata([40, 9])],
    "permuted": [
        permuted([1, 4, 2, 8], [3, 1, 2, 0]),
        permuted([1, 2, 2, 5, 7, 9], [2, 1, 4, 4, 9, 7]),
        permuted([3, 1, 4, 1, 5, 9, 2, 6], [2, 7, 1, 8, 2, 8, 1, 9]),
    ],
    "adjusted": {
        "p": p_values,
        "holm": multipletests(p_values, method="holm")[1].tolist(),
        "benjamini_hochberg": stats.false_discovery_control(p_values).tolist(),
    },
}
assert golden["pairs"][3]["p"] < 1e-60
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(golden, indent=1) + "\n")
