import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interpretCorrelation, type CorrelationWords } from '../../../analytics/correlation-words.js';

const words: CorrelationWords = {
  ...{ feature: 'title_length', metric: 'views_day_28', method: 'pearson', coefficient: -0.71, n: 24 },
  ...{ adjustedP: 0.0004, significanceLevel: 0.05, highest: null, confoundedBy: [], strata: [] },
};

describe('an interpretation', () => {
  it('says what goes with what, how strongly and how surely', () => {
    expect(interpretCorrelation(words)).toBe(
      'Higher title length is associated with lower views at day 28, a strong association (r = -0.71, n = 24, adjusted p < 0.001).',
    );
    expect(
      interpretCorrelation({
        ...{ ...words, feature: 'format=short', method: 'welch-t' },
        ...{ coefficient: 0.4, adjustedP: 0.01 },
      }),
    ).toMatch(/^Having format “short” is associated with higher views at day 28, a moderate/);
    expect(
      interpretCorrelation({
        ...words,
        feature: 'mood',
        method: 'welch-anova',
        coefficient: 0.5,
        highest: 'calm',
      }),
    ).toMatch(
      /^Mood is associated with views at day 28 \(highest with “calm”\), a moderate association \(η = 0.50/,
    );
    expect(interpretCorrelation({ ...words, method: 'kruskal-wallis', feature: 'mood' })).toContain('(ε = ');
  });

  it('says that nothing is clear above the level, whatever the size', () => {
    expect(interpretCorrelation({ ...words, coefficient: 0.9, adjustedP: 0.05 })).toMatch(
      /^No clear association between title length and views at day 28/,
    );
    expect(interpretCorrelation({ ...words, adjustedP: Number.NaN })).toMatch(/^No clear association/);
  });

  it('says what may account for the association, and where it is not the same', () => {
    expect(interpretCorrelation({ ...words, confoundedBy: ['age', 'platform', 'format'] })).toMatch(
      /It does not hold among contents of like age, platform and format, which may account for it\.$/,
    );
    expect(
      interpretCorrelation({
        ...words,
        strata: [
          { by: 'age', agreement: 'reverse' },
          { by: 'format', agreement: 'agree' },
        ],
      }),
    ).toMatch(/It is not the same in every band of ages\.$/);
  });

  it('never claims a cause', () => {
    const anything: fc.Arbitrary<CorrelationWords> = fc.record({
      feature: fc.constantFrom('title_length', 'format=short', 'publish_hour', 'mood', 'tag=sea'),
      metric: fc.constantFrom('views_day_28', 'lifetime_likes'),
      method: fc.constantFrom(
        ...([
          'pearson',
          'spearman',
          'circular-linear',
          'welch-t',
          'welch-anova',
          'anova',
          'kruskal-wallis',
        ] as const),
      ),
      coefficient: fc.double({ min: -1, max: 1, noNaN: true }),
      n: fc.integer({ min: 10, max: 500 }),
      adjustedP: fc.double({ min: 0, max: 1, noNaN: true }),
      significanceLevel: fc.constantFrom(0.01, 0.05, 0.2),
      highest: fc.constantFrom(null, 'calm'),
      confoundedBy: fc.subarray(['age', 'platform', 'format'] as const),
      strata: fc.array(
        fc.record({
          by: fc.constantFrom('age' as const, 'platform' as const, 'format' as const),
          agreement: fc.constantFrom('agree' as const, 'differ' as const, 'reverse' as const),
        }),
        { maxLength: 3 },
      ),
    });
    fc.assert(
      fc.property(anything, (one) => {
        const text = interpretCorrelation(one);
        expect(text).toMatch(/associat/);
        expect(text).not.toMatch(
          /caus|because|due to|thanks to|leads? to|drives?|boosts?|makes?|increases?|reduces?|raises?|effect|impact|influence|result/i,
        );
      }),
    );
  });
});
