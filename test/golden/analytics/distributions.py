"""Writes distributions.json: values of mpmath at 60 digits, rounded to doubles; logarithms for far tails.

pip install mpmath && python distributions.py
"""

import json
import pathlib

from mpmath import betainc, erfc, gammainc, log, loggamma, mp, mpf, sqrt

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


golden = {
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
