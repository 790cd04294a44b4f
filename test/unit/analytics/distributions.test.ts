import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chiSquaredSf,
  fSf,
  logChiSquaredSf,
  logFSf,
  logNormalSf,
  logStudentTwoSided,
  normalCdf,
  normalQuantile,
  studentCdf,
  studentQuantile,
} from '../../../analytics/distributions.js';
import { logBeta, logGamma, logIncompleteBeta, logUpperGamma } from '../../../analytics/special-functions.js';
import { expectClose, readGolden } from './golden.js';

interface Golden {
  log_gamma: [number, number][];
  log_normal_sf: [number, number][];
  log_student_two_sided: [number, number, number][];
  f_sf: [number, number, number, number][];
  chi2_sf: [number, number, number][];
  ln_student_grid: [number, number, number][];
  ln_f_grid: [number, number, number, number][];
  ln_chi2_grid: [number, number, number][];
}
const golden = readGolden('distributions') as Golden;

/** A relative error in p is an absolute one in ln p. */
const sameTail = (actual: number, expected: number): void => {
  const allowed = 1e-10 * Math.max(1, Math.abs(expected) * 1e-2);
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(allowed);
};

describe('distributions against mpmath', () => {
  it('ln Γ', () => {
    for (const [x, expected] of golden.log_gamma) expectClose(logGamma(x), expected, 1e-13, 1);
  });
  it('normal tails down to e^-5000', () => {
    for (const [z, expected] of golden.log_normal_sf) sameTail(logNormalSf(z), expected);
  });
  it('Student tails, from 1 to 2,000,000 degrees of freedom', () => {
    for (const [t, df, expected] of golden.log_student_two_sided) {
      sameTail(logStudentTwoSided(t, df), expected);
    }
  });
  it('F', () => {
    for (const [f, df1, df2, expected] of golden.f_sf) expectClose(fSf(f, df1, df2), expected);
  });
  it('chi-squared', () => {
    for (const [x, df, expected] of golden.chi2_sf) expectClose(chiSquaredSf(x, df), expected);
  });
});

describe('tails to a relative error of 1e-10 in p', () => {
  // ln p itself is rounded to a part in 1e16: beyond e^-700, where p is no double, that is all one can ask.
  const sameP = (actual: number, expected: number): void => {
    const allowed = Math.max(1e-10, Math.abs(expected) * 4 * Number.EPSILON);
    if (!(Math.abs(actual - expected) <= allowed)) expect(actual).toBe(expected);
  };
  const isWide = (rows: readonly (readonly number[])[]): void => {
    const tails = rows.map((row) => row.at(-1)!);
    for (const size of [154, 690]) expect(tails.some((tail) => tail < -size)).toBe(true);
  };
  it('Student, with 1 to 1e6 degrees of freedom, whole and not', () => {
    isWide(golden.ln_student_grid);
    for (const [t, df, expected] of golden.ln_student_grid) sameP(logStudentTwoSided(t, df), expected);
  });
  it('F', () => {
    isWide(golden.ln_f_grid);
    for (const [f, df1, df2, expected] of golden.ln_f_grid) sameP(logFSf(f, df1, df2), expected);
  });
  it('chi-squared', () => {
    isWide(golden.ln_chi2_grid);
    for (const [x, df, expected] of golden.ln_chi2_grid) sameP(logChiSquaredSf(x, df), expected);
  });
});

describe('distributions', () => {
  it('invert themselves', () => {
    const p = fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true });
    fc.assert(
      fc.property(p, (at) => {
        expectClose(normalCdf(normalQuantile(at)), at, 1e-12);
        expectClose(studentCdf(studentQuantile(at, 7), 7), at, 1e-11);
      }),
    );
    expectClose(normalQuantile(0.975), 1.959963984540054, 1e-15);
    expectClose(studentQuantile(0.975, 10), 2.228138851986274, 1e-12);
  });

  it('answer at their ends and refuse what lies beyond', () => {
    expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY);
    expect(normalQuantile(0.5)).toBe(0);
    expect(normalQuantile(1.1)).toBeNaN();
    expect(studentQuantile(0.5, 3)).toBe(0);
    expect(studentQuantile(0, 3)).toBe(Number.NEGATIVE_INFINITY);
    expect(studentQuantile(1, 3)).toBe(Number.POSITIVE_INFINITY);
    expect(studentQuantile(0.2, 0)).toBeNaN();
    expect(logStudentTwoSided(Number.POSITIVE_INFINITY, 5)).toBe(Number.NEGATIVE_INFINITY);
    expect(logStudentTwoSided(0, 5)).toBe(0);
    expect(logStudentTwoSided(1, -1)).toBeNaN();
    expect(fSf(-1, 2, 3)).toBe(1);
    expect(fSf(Number.POSITIVE_INFINITY, 2, 3)).toBe(0);
    expect(fSf(Number.NaN, 2, 3)).toBeNaN();
    expect(logGamma(0)).toBeNaN();
    expect(logBeta(-1, 2)).toBeNaN();
    expect(logIncompleteBeta(1, 1, 0, 1)).toBe(Number.NEGATIVE_INFINITY);
    expect(logIncompleteBeta(1, 1, 1, 0)).toBe(0);
    expect(logUpperGamma(1, Number.POSITIVE_INFINITY)).toBe(Number.NEGATIVE_INFINITY);
    expect(logUpperGamma(1, -1)).toBe(0);
  });
});
