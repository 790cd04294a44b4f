/** What the analyses found, as tables. */
import type { FoundAnomaly } from '../services/dashboard-models.js';
import type { ExplainedScore } from '../services/release-scores.js';
import type {
  ListedCorrelation,
  ListedForecast,
  ListedTrend,
  UnjudgedSeries,
} from '../services/result-models.js';
import { table, type Cell } from './output.js';

export function anomalyTable(found: readonly FoundAnomaly[]): string {
  if (found.length === 0) return 'No day was unlike what was to be expected.';
  return table(
    ['day', 'content', 'platform', 'metric', 'kind', 'value', 'expected', 'from', 'to', 'score', 'note'],
    found.map((one) => [
      ...[one.day, one.title ?? one.content_id, one.platform, one.metric, `${one.kind} ${one.direction}`],
      ...[rounded(one.value), rounded(one.expected), rounded(one.lower), rounded(one.upper)],
      ...[rounded(one.score, 3), noteOf(one)],
    ]),
  );
}

function noteOf({ shared, span }: FoundAnomaly): Cell {
  const notes = [
    ...(span > 1 ? [`mean of ${String(span)} days`] : []),
    ...(shared ? ['most series moved alike'] : []),
  ];
  return notes.length === 0 ? null : notes.join('; ');
}

export function unjudgedTable(found: readonly UnjudgedSeries[]): string {
  if (found.length === 0) return 'Every series that was looked at was judged.';
  return table(
    ['content', 'platform', 'metric', 'days', 'withheld'],
    found.map((one) => [one.title ?? one.content_id, one.platform, one.metric, one.points, one.withheld]),
  );
}

export function trendTable(found: readonly ListedTrend[]): string {
  if (found.length === 0) return nothingYet;
  return table(
    [
      'content',
      'platform',
      'metric',
      'direction',
      'strength',
      'growth',
      'from',
      'to',
      'repeats',
      'days',
      'withheld',
    ],
    found.map((one) => [
      ...[one.title ?? one.content_id, one.platform, one.metric_name, one.direction, one.strength],
      ...[share(one.growth), share(one.growth_interval?.[0]), share(one.growth_interval?.[1])],
      one.seasonality_patterns.map(({ period }) => period).join(', ') || null,
      ...[one.points, one.withheld],
    ]),
  );
}

export function forecastTable(found: readonly ListedForecast[]): string {
  if (found.length === 0) return nothingYet;
  return table(
    [
      'content',
      'platform',
      'metric',
      'from day',
      'days',
      'a day',
      '95 % from',
      'to',
      'method',
      'to naive',
      'withheld',
    ],
    found.map((one) => {
      const { predictions, backtest } = one;
      const relative = backtest?.['relative'];
      const mean = (pick: (at: (typeof predictions)[number]) => number): number | null =>
        predictions.length === 0
          ? null
          : rounded(predictions.reduce((sum, at) => sum + pick(at), 0) / predictions.length);
      return [
        ...[one.title ?? one.content_id, one.platform, one.metric_name],
        ...[predictions[0]?.timestamp, predictions.length, mean(({ value }) => value)],
        ...[mean(({ lower_95 }) => lower_95), mean(({ upper_95 }) => upper_95), one.method],
        ...[typeof relative === 'number' ? rounded(relative, 2) : null, one.withheld],
      ];
    }),
  );
}

export function correlationTable(found: readonly ListedCorrelation[]): string {
  if (found.length === 0) return 'Nothing goes with anything beyond chance; --all shows what was tested.';
  return table(
    [
      'feature',
      'metric',
      'method',
      'coefficient',
      'from',
      'to',
      'adjusted p',
      'contents',
      'behind it',
      'withheld',
    ],
    found.map((one) => [
      ...[one.feature, one.metric, one.method, rounded(one.correlation_coefficient, 2)],
      ...[rounded(one.confidence_interval?.[0], 2), rounded(one.confidence_interval?.[1], 2)],
      ...[rounded(one.adjusted_p_value, 2), one.sample_size],
      ...[one.confounded_by.join(', ') || null, one.withheld],
    ]),
  );
}

export function scoreTable(scores: readonly (ExplainedScore & { title?: string })[]): string {
  if (scores.length === 0) return nothingYet;
  return table(
    ['release', 'title', 'day', 'score', 'band', 'peers', 'most points from', 'withheld'],
    scores.map((one) => {
      const [most] = one.contributions.toSorted((a, b) => b.points - a.points);
      return [
        ...[one.release_id, one.title, one.age_days, one.score, one.band, one.points],
        ...[most === undefined ? null : `${most.platform}/${most.metric}`, one.withheld],
      ];
    }),
  );
}

const nothingYet =
  'There is no result yet; analyses follow each collection, or “tidemark run list” tells why not.';

function rounded(value: number | null | undefined, digits = 4): number | null {
  return value == null ? null : Number(value.toPrecision(digits));
}

/** 0.25 → `+25 %`. */
function share(value: number | null | undefined): string | null {
  return value == null ? null : `${value < 0 ? '−' : '+'}${String(Math.round(Math.abs(value) * 100))} %`;
}
