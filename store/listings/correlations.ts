import type { CorrelationRow } from '../correlations.js';
import { queryRows, type Queryable } from '../queryable.js';

export type CorrelationPosition = [artistId: number, feature: string, metric: string, method: string];

export interface ListedCorrelation extends Omit<CorrelationRow, 'confidence'> {
  artistId: number;
  low: number | null;
  high: number | null;
  runId: string;
  computedAt: Date;
}

export interface CorrelationFilter {
  artistId: number | null;
  feature: string | null;
  metric: string | null;
  /** Only those that stand after the adjustment for the whole family, or only the others. */
  significant: boolean | null;
  after: CorrelationPosition | null;
  limit: number;
}

/** Each artist's latest family of tests, withheld ones included, in order of artist, feature, metric and method. */
export async function listCorrelations(
  db: Queryable,
  filter: CorrelationFilter,
): Promise<ListedCorrelation[]> {
  return queryRows<ListedCorrelation>(
    db,
    `select r.artist_id as "artistId", r.feature, r.metric, r.method, r.method_version as "methodVersion",
       r.correlation_coefficient as coefficient, r.p_value as "pValue", r.adjusted_p_value as "adjustedP",
       r.confidence_low as low, r.confidence_high as high, r.sample_size as "sampleSize", r.strength, r.direction,
       r.significant, r.interpretation, r.effect, r.confounded_by as "confoundedBy", r.detail,
       r.withheld_reason as "withheldReason", r.run_id::text as "runId", r.computed_at as "computedAt"
     from artists a
     cross join lateral (
       select l.run_id from correlation_analysis_results l
       where l.artist_id = a.id
       order by l.computed_at desc, l.id desc
       limit 1
     ) latest
     join correlation_analysis_results r on r.artist_id = a.id and r.run_id = latest.run_id
     where ($1::int is null or a.id = $1) and ($2::text is null or r.feature = $2)
       and ($3::text is null or r.metric = $3) and ($4::boolean is null or r.significant = $4)
       and ($5::int is null or (r.artist_id, r.feature, r.metric, r.method) > ($5, $6::text, $7::text, $8::text))
     order by r.artist_id, r.feature, r.metric, r.method
     limit $9`,
    [
      filter.artistId,
      filter.feature,
      filter.metric,
      filter.significant,
      ...(filter.after ?? [null, null, null, null]),
      filter.limit,
    ],
  );
}
