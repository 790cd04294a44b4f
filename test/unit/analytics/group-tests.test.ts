import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjustPValues, pearson, spearman } from '../../../analytics/correlation.js';
import { epsilonSquared, hedgesG, omegaSquared, rankBiserial } from '../../../analytics/effect-sizes.js';
import { anova, kruskalWallis, rankGroups, welchAnova, welchT } from '../../../analytics/group-tests.js';
import { explainedVarianceInterval, noncentralFCdf } from '../../../analytics/noncentral-f.js';
import { partialAssociation } from '../../../analytics/partial-correlation.js';
import { holm } from '../../../analytics/platform-differences.js';
import { stratifiedCorrelation } from '../../../analytics/stratified-correlation.js';
import { expectClose, readGolden } from './golden.js';

interface Golden {
  pairs: ({ name: string; a: number[]; b: number[]; g: [number, number, number] } & Record<
    't' | 'df' | 'p' | 'low' | 'high' | 'rank_biserial' | 'h' | 'h_p',
    number
  >)[];
  several: ({ name: string; groups: number[][] } & Record<
    'f' | 'p' | 'eta' | 'omega' | 'welch_f' | 'welch_df' | 'welch_p' | 'h' | 'h_p',
    number
  >)[];
  noncentral_f: [number, number, number, number, number][];
  explained: [number, number, number, number, number, number][];
  partials: {
    name: string;
    x: number[][];
    y: number[];
    controls: number[][];
    r: number;
    p: number;
    df: number;
  }[];
  strata: ({ x: number[][]; y: number[][] } & Record<
    'pooled' | 'low' | 'high' | 'p' | 'q' | 'q_p' | 'i2',
    number
  >)[];
  permuted: { x: number[]; y: number[]; p: number }[];
  adjusted: { p: number[]; holm: number[]; benjamini_hochberg: number[] };
}
const golden = readGolden('group-tests') as Golden;
const array = (values: readonly number[]): Float64Array => Float64Array.from(values);
const expectP = (lnP: number, p: number): void => expectClose(Math.exp(lnP), p, 1e-10);

describe('two groups against SciPy', () => {
  for (const c of golden.pairs) {
    it(c.name, () => {
      const [a, b] = [array(c.a), array(c.b)];
      const t = welchT(a, b)!;
      expectClose(t.statistic, c.t);
      expectClose(t.df[0]!, c.df);
      expectP(t.ln_p, c.p);
      expectClose(t.interval[0], c.low);
      expectClose(t.interval[1], c.high);
      const g = hedgesG(a, b)!;
      [g.value, ...g.interval].forEach((value, i) => expectClose(value, c.g[i]!));
      const [rankA, rankB] = rankGroups([a, b]);
      expectClose(rankBiserial(rankA!, rankB!), c.rank_biserial, 1e-12, 1e-3);
      const h = kruskalWallis([rankA!, rankB!])!;
      expectClose(h.statistic, c.h, 1e-12);
      expectP(h.ln_p, c.h_p);
    });
  }
});

describe('several groups against SciPy and statsmodels', () => {
  for (const c of golden.several) {
    it(c.name, () => {
      const groups = c.groups.map(array);
      const n = c.groups.flat().length;
      const one = anova(groups)!;
      expectClose(one.statistic, c.f);
      expectP(one.ln_p, c.p);
      expectClose(one.etaSquared, c.eta);
      expectClose(omegaSquared(one.statistic, groups.length - 1, n), Math.max(0, c.omega), 1e-10, 1e-6);
      const welch = welchAnova(groups)!;
      expectClose(welch.statistic, c.welch_f);
      expectClose(welch.df[1]!, c.welch_df);
      expectP(welch.ln_p, c.welch_p);
      const h = kruskalWallis(rankGroups(groups))!;
      expectClose(h.statistic, c.h);
      expectP(h.ln_p, c.h_p);
      expectClose(epsilonSquared(h.statistic, n), c.h / (n - 1));
    });
  }
});

describe('the rest of the figures against SciPy and statsmodels', () => {
  it('noncentral F and the intervals read from it', () => {
    for (const [f, df1, df2, lambda, p] of golden.noncentral_f) {
      expectClose(noncentralFCdf(f, df1, df2, lambda), p, 1e-10, 1e-4);
    }
    for (const [f, df1, df2, n, low, high] of golden.explained) {
      const interval = explainedVarianceInterval(f, df1, df2, n);
      expectClose(interval[0], low, 1e-10, 1e-3);
      expectClose(interval[1], high, 1e-10, 1e-3);
    }
  });

  it('partial correlations', () => {
    for (const c of golden.partials) {
      const found = partialAssociation(c.x.map(array), array(c.y), c.controls.map(array))!;
      expectClose(found.coefficient, c.r);
      expectP(found.ln_p, c.p);
      expect(found.df).toBe(c.df);
    }
  });

  it('pooled strata', () => {
    for (const c of golden.strata) {
      const levels = c.x.flatMap((x, i) => x.map(() => `stratum ${i}`));
      const found = stratifiedCorrelation(array(c.x.flat()), array(c.y.flat()), levels)!;
      expectClose(found.pooled, c.pooled);
      expectClose(found.interval[0], c.low);
      expectClose(found.interval[1], c.high);
      expectClose(found.p, c.p);
      expectClose(found.q, c.q);
      expectClose(found.qP, c.q_p);
      expectClose(found.iSquared, c.i2, 1e-10, 1e-3);
    }
  });

  it('ranks of few pairs by all their orders', () => {
    for (const c of golden.permuted) expectClose(spearman(array(c.x), array(c.y))!.p, c.p, 1e-14);
  });

  it('adjusted p-values', () => {
    const { p, holm: byHolm, benjamini_hochberg: byRate } = golden.adjusted;
    holm(p).forEach((value, i) => expectClose(value, byHolm[i]!, 1e-14));
    adjustPValues(p).forEach((value, i) => expectClose(value, byRate[i]!, 1e-14));
  });
});

describe('tests of groups', () => {
  it('have no answer where nothing varies or there is too little', () => {
    const flat = array([3, 3, 3]);
    const none = array([]);
    expect(welchT(flat, array([4, 4]))).toBeNull();
    expect(welchT(flat, array([4]))).toBeNull();
    expect(welchAnova([flat, array([1, 2]), array([3, 5])])).toBeNull();
    expect(anova([flat, flat])).toBeNull();
    expect(anova([flat, none])).toBeNull();
    expect(kruskalWallis(rankGroups([flat, flat]))).toBeNull();
    expect(kruskalWallis(rankGroups([flat, none]))).toBeNull();
    expect(hedgesG(flat, flat)).toBeNull();
    expect(hedgesG(flat, array([1]))).toBeNull();
    expect(explainedVarianceInterval(Number.POSITIVE_INFINITY, 2, 20, 23)).toEqual([1, 1]);
    expect(noncentralFCdf(Number.NaN, 2, 3, 1)).toBeNaN();
    expect(noncentralFCdf(0, 2, 3, 1)).toBe(0);
  });

  it('do not mind scale, shift, order of values, nor of groups', () => {
    const group = fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 3, maxLength: 15 });
    fc.assert(
      fc.property(fc.array(group, { minLength: 2, maxLength: 4 }), (lists) => {
        const groups = lists.map(array);
        const moved = groups.map((values) => values.map((value) => 4 * value + 1e6).toReversed());
        const turned = groups.toReversed();
        const byRank = (of: Float64Array[]): ReturnType<typeof anova> | ReturnType<typeof kruskalWallis> =>
          kruskalWallis(rankGroups(of));
        for (const test of [anova, welchAnova, byRank]) {
          const found = test(groups);
          for (const other of [test(moved), test(turned)]) {
            expect(other === null).toBe(found === null);
            if (found !== null) expectClose(other!.statistic, found.statistic, 1e-9, 1e-6);
          }
        }
        const [a, b] = [groups[0]!, groups[1]!];
        const t = welchT(a, b);
        if (t === null) return;
        expect(t.interval[0]).toBeLessThanOrEqual(t.difference);
        expect(t.interval[1]).toBeGreaterThanOrEqual(t.difference);
        expectClose(welchT(b, a)!.statistic, -t.statistic, 1e-9, 1e-6);
        const [narrow, wide] = [welchT(a, b, 0.8)!, welchT(a, b, 0.99)!];
        expect(wide.interval[0]).toBeLessThanOrEqual(narrow.interval[0]);
        expect(wide.interval[1]).toBeGreaterThanOrEqual(narrow.interval[1]);
        const [rankA, rankB] = rankGroups([a, b]);
        expect(Math.abs(rankBiserial(rankA!, rankB!))).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('partial correlation', () => {
  const x = array([1, 4, 2, 8, 5, 7, 3, 6]);
  const y = array([2, 3, 1, 9, 4, 8, 5, 7]);

  it('without controls is Pearson’s, and by rank Spearman’s', () => {
    const bare = partialAssociation([x], y, [])!;
    expectClose(bare.coefficient, pearson(x, y)!.r, 1e-13);
    expectClose(bare.ln_p, pearson(x, y)!.ln_p, 1e-12);
    const ranked = partialAssociation([x.map((v) => v ** 3)], y, [], true)!;
    expectClose(ranked.coefficient, spearman(x, y)!.r, 1e-12);
  });

  it('withholds what the controls already say, and what is too little', () => {
    expect(partialAssociation([x], y, [x.map((value) => 3 * value + 1)])).toBeNull();
    expect(partialAssociation([x], y, [y])).toBeNull();
    expect(partialAssociation([x], new Float64Array(8).fill(5), [])).toBeNull();
    expect(partialAssociation([x.map((v, i) => (i < 4 ? v : Number.NaN))], y, [])).toBeNull();
    expect(() => partialAssociation([x], array([1]), [])).toThrow(RangeError);
  });

  it('takes a control that does not vary for none', () => {
    const found = partialAssociation([x], y, [new Float64Array(8).fill(2)])!;
    expect(found.controls).toBe(0);
    expect(found.df).toBe(6);
  });

  it('keeps its digits at an offset of 1e8 and does not mind scale', () => {
    const c = golden.partials[0]!;
    const shifted = partialAssociation(
      [array(c.x[0]!).map((value) => Math.round(value * 2 ** 20) / 2 ** 20 + 1e8)],
      array(c.y).map((value) => 1e9 * value),
      c.controls.map(array),
    )!;
    expectClose(shifted.coefficient, c.r, 1e-5);
    const bare = partialAssociation(
      [array(c.x[0]!).map((value) => Math.round(value * 2 ** 20) / 2 ** 20)],
      array(c.y),
      c.controls.map(array),
    )!;
    expectClose(shifted.coefficient, bare.coefficient, 1e-10);
  });
});

describe('strata', () => {
  it('are withheld below two of five pairs each', () => {
    const x = array([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const levels = ['a', 'a', 'a', 'a', 'a', 'b', 'b', 'b', 'b'];
    expect(stratifiedCorrelation(x, x, levels)).toBeNull();
    expect(
      stratifiedCorrelation(
        x,
        x,
        levels.map(() => null),
      ),
    ).toBeNull();
  });

  it('pool exact lines without an infinity', () => {
    const x = array([1, 2, 3, 4, 5, 1, 2, 3, 4, 5]);
    const levels = ['a', 'a', 'a', 'a', 'a', 'b', 'b', 'b', 'b', 'b'];
    const found = stratifiedCorrelation(x, x, levels)!;
    expect(found.pooled).toBeGreaterThan(0.999);
    expect(found.q).toBe(0);
  });
});
