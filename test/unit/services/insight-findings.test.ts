import { describe, expect, it } from 'vitest';
import { correlationFindings } from '../../../services/insight-findings.js';
import type { CorrelationRow } from '../../../store/correlations.js';

function row(feature: string, metric: string, changes: Partial<CorrelationRow> = {}): CorrelationRow {
  return {
    ...{ feature, metric, method: 'pearson', methodVersion: '2' },
    ...{ coefficient: 0.7, pValue: 0.001, adjustedP: 0.01, confidence: [0.4, 0.9], sampleSize: 40 },
    ...{ strength: 'strong', direction: 'positive', significant: true, interpretation: 'Goes with it.' },
    ...{ effect: null, confoundedBy: [], detail: null, withheldReason: null },
    ...changes,
  };
}

describe('correlationFindings', () => {
  const told = (rows: readonly CorrelationRow[]): string[] =>
    correlationFindings(rows, [1, 7, 28], 0.05).map(({ feature, metric }) => `${feature} ${metric}`);

  it('lets the oldest age speak for the younger ones and for the lifetime total', () => {
    const rows = ['views_day_1', 'lifetime_views', 'views_day_28', 'views_day_7', 'likes_day_1'];
    expect(told(rows.map((metric) => row('duration', metric)))).toEqual([
      'duration views_day_28',
      'duration likes_day_1',
    ]);
  });

  it('tells the lifetime total where no age does, and younger ages where older ones are chance', () => {
    const rows = [
      row('tags', 'lifetime_views'),
      row('tags', 'views_day_28', { significant: false }),
      row('language', 'views_day_7'),
      row('language', 'views_day_28', { significant: false }),
      row('duration', 'lifetime_views', { method: 'spearman' }),
      row('duration', 'views_day_28'),
    ];
    expect(told(rows)).toEqual([
      'tags lifetime_views',
      'tags views_day_28',
      'language views_day_7',
      'language views_day_28',
      'duration lifetime_views',
      'duration views_day_28',
    ]);
  });

  it('leaves out what was withheld', () => {
    expect(
      told([row('duration', 'views_day_7', { coefficient: null, withheldReason: 'needs 3 more' })]),
    ).toEqual([]);
  });
});
