/** Anomaly detectors, one row an artist, metric and method: as simulated over history, with the threshold to use. */
import { queryRows, type Queryable } from './queryable.js';

export interface AnomalyDetector {
  artistId: number;
  metric: string;
  method: string;
  methodVersion: string;
  threshold: number;
  enabled: boolean;
  /** Why it is not enabled; null where it is. */
  reason: string | null;
  alertsPerSeriesYear: number;
  sharedPerSeriesYear: number;
  /** Share of the series with an alert of their own. */
  seriesWithAlerts: number;
  /** Alerts a series-year that were allowed. */
  budget: number;
  series: number;
  seriesYears: number;
  worstContentId: number | null;
  worstAlerts: number | null;
}

/** The artist's detectors of a method, by metric. */
export async function readAnomalyDetectors(
  db: Queryable,
  artistId: number,
  method: string,
): Promise<AnomalyDetector[]> {
  return queryRows<AnomalyDetector>(
    db,
    `select artist_id as "artistId", metric, method, method_version as "methodVersion", threshold, enabled, reason,
       alerts_per_series_year as "alertsPerSeriesYear", shared_per_series_year as "sharedPerSeriesYear",
       series_with_alerts as "seriesWithAlerts", budget, series, series_years as "seriesYears",
       worst_content_id as "worstContentId", worst_alerts as "worstAlerts"
     from anomaly_detectors
     where artist_id = $1 and method = $2
     order by metric`,
    [artistId, method],
  );
}

/** Stores what a simulation gave, in place of what an earlier one gave; the same again changes no row. */
export async function storeAnomalyDetector(
  db: Queryable,
  detector: AnomalyDetector,
  origin: { runId: string; simulatedAt: Date },
): Promise<void> {
  await queryRows(
    db,
    `insert into anomaly_detectors as d (artist_id, metric, method, method_version, threshold, enabled, reason,
       alerts_per_series_year, shared_per_series_year, series_with_alerts, budget, series, series_years,
       worst_content_id, worst_alerts, simulated_at, run_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17::bigint)
     on conflict (artist_id, metric, method) do update
     set method_version = excluded.method_version, threshold = excluded.threshold, enabled = excluded.enabled,
       reason = excluded.reason, alerts_per_series_year = excluded.alerts_per_series_year,
       shared_per_series_year = excluded.shared_per_series_year,
       series_with_alerts = excluded.series_with_alerts, budget = excluded.budget, series = excluded.series,
       series_years = excluded.series_years, worst_content_id = excluded.worst_content_id,
       worst_alerts = excluded.worst_alerts, simulated_at = excluded.simulated_at, run_id = excluded.run_id
     where (d.method_version, d.threshold, d.enabled, d.reason, d.alerts_per_series_year, d.shared_per_series_year,
         d.series_with_alerts, d.budget, d.series, d.series_years, d.worst_content_id, d.worst_alerts)
       is distinct from (excluded.method_version, excluded.threshold, excluded.enabled, excluded.reason,
         excluded.alerts_per_series_year, excluded.shared_per_series_year, excluded.series_with_alerts,
         excluded.budget, excluded.series, excluded.series_years, excluded.worst_content_id, excluded.worst_alerts)`,
    [
      detector.artistId,
      detector.metric,
      detector.method,
      detector.methodVersion,
      detector.threshold,
      detector.enabled,
      detector.reason,
      detector.alertsPerSeriesYear,
      detector.sharedPerSeriesYear,
      detector.seriesWithAlerts,
      detector.budget,
      detector.series,
      detector.seriesYears,
      detector.worstContentId,
      detector.worstAlerts,
      origin.simulatedAt,
      origin.runId,
    ],
  );
}

/** Ids of the artist's latest contents, ascending. */
export async function latestContentIds(db: Queryable, artistId: number, limit: number): Promise<number[]> {
  const rows = await queryRows<{ id: number }>(
    db,
    `select id from (select c.id from contents c where c.artist_id = $1 order by c.id desc limit $2) latest
     order by id`,
    [artistId, limit],
  );
  return rows.map(({ id }) => id);
}
