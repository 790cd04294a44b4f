import { describe, expect, it } from 'vitest';
import { fitAutoregression } from '../../../analytics/autoregression.js';
import { growthOf } from '../../../analytics/growth.js';
import { testPeriod } from '../../../analytics/period-test.js';
import { seasonalPattern } from '../../../analytics/seasonality.js';
import { robustSlope } from '../../../analytics/slope.js';
import { expectClose, readGolden } from './golden.js';

interface Golden {
  slopes: ({ name: string; y: number[] } & Record<'slope' | 'low' | 'high' | 'tau' | 'p' | 'phi', number>)[];
  autoregressions: { name: string; x: number[]; phi: number[]; variance: number }[];
  decompositions: { name: string; y: number[]; period: number; effects: number[]; p: number }[];
  periods: { name: string; x: number[]; period: number; tests: { harmonics: number; log_p: number }[] }[];
  growth: ({ name: string; y: number[] } & Record<'phi' | 'growth' | 'low' | 'high', number>)[];
}
const golden = readGolden('trend') as Golden;

describe('against SciPy, statsmodels and plain matrices', () => {
  it.each(golden.slopes)('the slope of $name', ({ y, slope, low, high, tau, p, phi }) => {
    const found = robustSlope(Float64Array.from(y))!;
    expectClose(found.slope, slope);
    expectClose(found.autocorrelation, phi);
    expectClose(found.interval[0], low);
    expectClose(found.interval[1], high);
    expectClose(found.tau, tau);
    expectClose(found.p, p);
  });

  it.each(golden.autoregressions)('the autoregression of $name', ({ x, phi, variance }) => {
    const found = fitAutoregression(Float64Array.from(x), 5, 0);
    expect(found.coefficients).toHaveLength(phi.length);
    phi.forEach((coefficient, k) => expectClose(found.coefficients[k]!, coefficient));
    expectClose(found.innovationVariance, variance);
  });

  it.each(golden.decompositions)('the decomposition of $name', ({ y, period, effects, p }) => {
    const found = seasonalPattern(Float64Array.from(y), period)!;
    effects.forEach((effect, phase) => expectClose(found.effects[phase]!, effect, 1e-10, 1e-3));
    expectClose(found.p, p);
  });

  it.each(golden.periods)('the test of a period: $name', ({ x, period, tests }) => {
    const found = testPeriod(Float64Array.from(x), period);
    expect(found.map(({ harmonics }) => harmonics)).toEqual(tests.map(({ harmonics }) => harmonics));
    tests.forEach((test, i) => expectClose(found[i]!.logP, test.log_p));
  });

  it.each(golden.growth)('the growth of $name', ({ y, phi, growth, low, high }) => {
    const found = growthOf(Float64Array.from(y), phi)!;
    expectClose(found.growth, growth);
    expectClose(found.interval![0], low);
    expectClose(found.interval![1], high);
  });
});
