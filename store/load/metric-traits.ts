import { wideMetrics, type WideMetric } from '../../contracts/vocabulary.js';
import { queryRows, type Queryable } from '../queryable.js';

/** What the load path has to know of a metric. */
export interface MetricTraits {
  kind: 'counter' | 'increment' | 'gauge' | 'ratio';
  /** A negative increment is a platform's correction. */
  neverFalls: boolean;
}

export type MetricRegistry = ReadonlyMap<string, MetricTraits>;

const wideNames: ReadonlySet<string> = new Set(wideMetrics);
/** Wide metrics without a column for the day's close: the day's value is all there is to say. */
const withoutClose: ReadonlySet<string> = new Set(['engagement_rate', 'popularity']);

export function isWide(metric: string): metric is WideMetric {
  return wideNames.has(metric);
}

export function hasClose(metric: WideMetric): boolean {
  return !withoutClose.has(metric);
}

/** An unlisted metric is accepted, and taken for a gauge: nothing is derived from it but its last value. */
export function traitsOf(registry: MetricRegistry, metric: string): MetricTraits {
  return registry.get(metric) ?? { kind: 'gauge', neverFalls: false };
}

/** Reads the registry of metrics. @throws StoreError */
export async function readMetricRegistry(db: Queryable): Promise<MetricRegistry> {
  const rows = await queryRows<{ name: string; kind: MetricTraits['kind']; never_falls: boolean }>(
    db,
    'select name, kind, never_falls from metrics',
  );
  return new Map(rows.map((row) => [row.name, { kind: row.kind, neverFalls: row.never_falls }]));
}
