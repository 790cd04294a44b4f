"""Writes distributions.json: values of mpmath at 60 digits, rounded to doubles; logarithms for far tails.

pip install mpmath && python distributions.py
"""

import json
import pathlib

from mpmath import betainc, erfc, exp, gammainc, log, loggamma, mp, mpf, sqrt

mp.dps = 60


def ln(value):
    return float(log(value))


def two_sided_t(t, df):
    t, df = mpf(t), mpf(df)
    return betainc(df / 2, mpf(1) / 2, 0, df / (df + t * t), regularized=True)


def f_sf(f, d1, d2):
    f, d1, d2 = mpf(f), mpf(d1), mpf(d2)
    return betainc(d2 / 2, d1 / 2, 0, d2 / (d2 + d1 * f), regularized=True)


def chi2_sf(x, df):
    return gammainc(mpf(df) / 2, mpf(x) / 2, mp.inf, regularized=True)


def beta_fraction(a, b, x):
    """I_x(a, b) by its continued fraction, which converges where mpmath's series takes millions of terms."""
    c, d = mpf(1), 1 / (1 - (a + b) * x / (a + 1))
    h, m = d, 1
    while True:
        for step in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d, c = 1 / (1 + step * d), 1 + step / c
            h *= c * d
        m += 1
        if abs(c * d - 1) < mpf(10) ** -30:
            return exp(a * log(x) + b * log(1 - x) - log(a) - loggamma(a) - loggamma(b) + loggamma(a + b)) * h


def incomplete_beta(a, b, x):
    a, b = mpf(a), mpf(b)
    return beta_fraction(a, b, x) if x < (a + 1) / (a + b + 2) else 1 - beta_fraction(b, a, 1 - x)


def upper_gamma(a, x):
    """Q(a, x) by its series below a + 1 and its continued fraction above."""
    a, x = mpf(a), mpf(x)
    front = exp(a * log(x) - x - loggamma(a))
    if x < a + 1:
        term = total = 1 / a
        n = 1
        while term > total * mpf(10) ** -32:
            term *= x / (a + n)
            total += term
            n += 1
        return 1 - total * front
    b, c = x + 1 - a, mpf(10) ** 300
    d = h = 1 / b
    i = 1
    while True:
        b += 2
        step = -i * (i - a)
        d, c = 1 / (step * d + b), b + step / c
        h *= c * d
        i += 1
        if abs(c * d - 1) < mpf(10) ** -30:
            return h * front


golden = {
    "ln_student_grid": [
        [t, df, ln(incomplete_beta(mpf(df) / 2, mpf(1) / 2, mpf(df) / (df + mpf(t) ** 2)))]
        for df in (1, 1.5, 3.7, 10, 29.4, 98, 12345.6, 1e6)
        for t in (1e-6, 0.01, 0.5, 1, 3.5, 10, 17, 25, 37, 60, 1e3)
    ],
    "ln_f_grid": [
        [f, d1, d2, ln(incomplete_beta(mpf(d2) / 2, mpf(d1) / 2, d2 / (d2 + d1 * mpf(f))))]
        for d1 in (1, 2, 5, 23, 100)
        for d2 in (1, 3.5, 57.3, 500, 1e6)
        for f in (1e-3, 0.3, 1.2, 5, 20, 100, 700)
    ],
    "ln_chi2_grid": [
        [df * m, df, ln(upper_gamma(mpf(df) / 2, mpf(df * m) / 2))]
        for df in (1, 2, 3.5, 6, 30, 500, 1e4, 1e6)
        for m in (1e-4, 0.1, 0.5, 0.9, 1, 1.05, 1.5, 3, 20)
        if df * m < 1e6 * 2
    ],
    "log_gamma": [[x, float(loggamma(mpf(x)))] for x in (0.001, 0.5, 1.5, 3.25, 9.99, 10.5, 171.5, 12345.678, 1e8)],
    "log_normal_sf": [
        [z, ln(erfc(mpf(z) / sqrt(2)) / 2)] for z in (-38.0, -5.0, -1.0, -1e-9, 0.0, 1e-9, 0.5, 1.0, 1.96, 5.0, 10.0, 37.5, 100.0)
    ],
    "log_student_two_sided": [
        [t, df, ln(two_sided_t(t, df))]
        for t in (1e-8, 0.1, 1.0, 2.5, 8.0, 40.0, 1e5)
        for df in (1, 2, 4.5, 10, 98, 1000, 2_000_000)
    ],
    "f_sf": [
        [f, d1, d2, float(f_sf(f, d1, d2))]
        for f in (0.01, 0.5, 1.0, 3.5, 60.0)
        for d1, d2 in ((1, 1), (2, 30), (6, 358), (23, 7), (150, 4000))
    ],
    "chi2_sf": [[x, df, float(chi2_sf(x, df))] for x in (0.001, 0.7, 3.8, 30.0, 400.0) for df in (1, 2, 6, 30, 500)],
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(golden, indent=1) + "\n")
