/** A content's anomalies here and now, with what they were judged by. */
import type { Pool } from 'pg';
import {
  anomalyModes,
  anomalyVersion,
  defaultThresholds,
  detectAnomalies,
  type AnomalyMode,
} from '../analytics/anomalies.js';
import type { Anomaly } from '../analytics/anomaly-result.js';
import { addDays, daysBetween } from '../analytics/calendar.js';
import { countFinite } from '../analytics/summary.js';
import { readAnomalyDetectors } from '../store/anomaly-detectors.js';
import type { KnownContent } from '../store/engagement.js';
import { readDailySeries } from '../store/series.js';
import { needsMoreDays } from '../analytics/trend.js';
import { anomalyMethod } from './analysis-tasks.js';
import { BadInputError } from './bad-input.js';
import { requireContent } from './known-contents.js';

export interface ContentAnomaly extends Omit<Anomaly, 'index'> {
  content_id: string;
  metric: string;
  day: string;
}

export interface AnomalyQuery {
  metric?: string | undefined;
  /** Anomalies of the last so many days; all days before them are judged by. 30 unless told. */
  timePeriodDays?: number | undefined;
  /** `seasonal` unless told; `zscore` and `robust` are the plain ones. */
  mode?: string | undefined;
  /** |score| from which a day is unusual; by simulation over the artist's history, or the mode's own, unless told. */
  threshold?: number | undefined;
}

export interface ExplainedAnomalies {
  content_id: string;
  metric_name: string;
  method: AnomalyMode;
  version: string;
  parameters: { threshold: number; min_points: number };
  /** Final days with a value. */
  points: number;
  anomalies: ContentAnomaly[];
  /** Why nothing was judged; null where it was. */
  withheld: string | null;
}

const defaultDays = 30;

/**
 * Judges every final day of a content's series, the default mode by the days before it alone. Where the simulation
 * over the artist's history switched the metric's detector off, the default mode tells that and nothing else.
 * @throws StoreError `notFound` for an unknown content, BadInputError for an unknown mode or threshold
 */
export async function explainAnomalies(
  { pool, minPoints = 0 }: { pool: Pool; minPoints?: number },
  contentId: string,
  query: AnomalyQuery = {},
): Promise<ExplainedAnomalies> {
  const { metric = 'views', timePeriodDays = defaultDays } = query;
  const mode = modeOf(query.mode);
  if (query.threshold !== undefined && !(query.threshold > 0 && Number.isFinite(query.threshold))) {
    throw new BadInputError('A threshold is a number above 0.');
  }
  const content = await requireContent(pool, contentId);
  const detector = mode === anomalyMethod ? await detectorOf(pool, content, metric) : null;
  const threshold = query.threshold ?? detector?.threshold ?? defaultThresholds[mode];
  const [series] = await readDailySeries(pool, [content.contentId], [metric]);
  const values = series?.metrics.get(metric) ?? new Float64Array(0);
  const startDay = series?.startDay ?? '1970-01-01';
  const fewest = Math.max(leastPoints, minPoints);
  const told = {
    ...{ content_id: content.contentKey, metric_name: metric, method: mode, version: String(anomalyVersion) },
    ...{ parameters: { threshold, min_points: fewest }, points: countFinite(values) },
  };
  if (query.threshold === undefined && detector?.enabled === false) {
    return { ...told, anomalies: [], withheld: detector.reason ?? 'the detector is off' };
  }
  if (values.length === 0) return { ...told, anomalies: [], withheld: needsMoreDays(0, fewest) };
  const breaks = (series?.breaks.get(metric) ?? []).map((day) => daysBetween(startDay, day));
  const result = detectAnomalies(values, { mode, threshold, breaks, minPoints: fewest });
  if ('withheld' in result) return { ...told, anomalies: [], withheld: result.withheld };
  const first = values.length - timePeriodDays;
  const anomalies = result.anomalies
    .filter(({ index }) => index >= first)
    .map(({ index, ...anomaly }) => ({
      ...{ content_id: content.contentKey, metric, day: addDays(startDay, index) },
      ...anomaly,
    }));
  return { ...told, anomalies, withheld: null };
}

/** Of the method, whatever is told. */
const leastPoints = 14;

/** `stream` is for many points a day, which a content's days are not. */
const dayModes = anomalyModes.filter((mode) => mode !== 'stream');

function modeOf(told: string | undefined): AnomalyMode {
  const mode = dayModes.find((known) => known === (told ?? anomalyMethod));
  if (mode === undefined)
    throw new BadInputError(`Unknown mode «${told}»: give one of ${dayModes.join(', ')}.`);
  return mode;
}

async function detectorOf(
  pool: Pool,
  { artistId }: KnownContent,
  metric: string,
): Promise<{ threshold: number; enabled: boolean; reason: string | null } | null> {
  if (artistId === null) return null;
  const detectors = await readAnomalyDetectors(pool, artistId, anomalyMethod);
  return detectors.find((one) => one.metric === metric) ?? null;
}
