/** Artists with a row of their own in every table that speaks of one, and what is theirs. */
import type pg from 'pg';

export interface Tenant {
  name: string;
  artistId: number;
  /** Column → the values that are this artist's. */
  own: Record<string, Set<unknown>>;
}

/** In order: later ones take up the ids that earlier ones return. `:name` is the artist, `:column` a former id. */
const statements: readonly (readonly [returns: string | null, sql: string])[] = [
  ['artist_id', `insert into artists (name) values (:name) returning id`],
  [
    'release_id',
    `insert into releases (artist_id, title, state) values (:artist_id, :name || ' release', 'approved') returning id`,
  ],
  [
    'account_id',
    `insert into accounts (platform, name, artist_id) values ('youtube', :name, :artist_id) returning id`,
  ],
  [
    'content_id',
    `insert into contents (content_key, platform, external_id, release_id, account_id, title)
     values ('youtube:' || :name, 'youtube', :name, :release_id, :account_id, :name) returning id`,
  ],
  [
    'run_id',
    `insert into runs (kind, workflow_id, temporal_run_id, account_id, started_at)
     values ('collect', 'collect/' || :name, 'r', :account_id, now()) returning id`,
  ],
  [
    'plan_id',
    `insert into backfill_plans (account_id, report, from_day, to_day, mode)
     values (:account_id, 'counters', '2026-01-01', '2026-01-03', 'missing') returning id`,
  ],
  [null, `insert into backfill_plan_days (plan_id, day) values (:plan_id, '2026-01-01')`],
  [null, `insert into run_contents (run_id, content_id) values (:run_id, :content_id)`],
  [
    null,
    `insert into content_availability (content_id, from_at, state, last_confirmed_at, run_id)
     values (:content_id, '2026-01-05Z', 'silent', now(), :run_id)`,
  ],
  [null, `insert into silent_observations (content_id, observed_at) values (:content_id, '2026-01-05Z')`],
  [
    null,
    `insert into engagement_snapshots (content_id, recorded_at, source, views)
     values (:content_id, '2026-01-01T12:00Z', 2, 10)`,
  ],
  [
    null,
    `insert into content_performance_history (content_id, day, basis, views, final)
     values (:content_id, '2026-01-01', 2, 10, true)`,
  ],
  [
    null,
    `insert into performance_revisions (content_id, grain, day, source, metric, kind, old_value, new_value, learnt_at)
     values (:content_id, 'day', '2026-01-01', 2, 'views', 'replaced', 1, 2, now()),
       (:content_id, 'day', '2026-01-01', 4, 'views', 'correction', 2, 1, now())`,
  ],
  [
    null,
    `insert into account_days (account_id, day, metric, value) values (:account_id, '2026-01-01', 'views', 1)`,
  ],
  [
    null,
    `insert into coverage (account_id, report, day, state) values (:account_id, 'counters', '2026-01-01', 'final')`,
  ],
  [
    null,
    `insert into anomalies (content_id, metric, day, method, method_version, kind, direction, expected, lower_bound,
       upper_bound, score, found_at)
     values (:content_id, 'views', '2026-01-01', 'm', '1', 'spike', 'up', 1, 0, 2, 9, now())`,
  ],
  [
    null,
    `insert into judged_series (content_id, metric, method, method_version, points, first_day, last_day, judged_at)
     values (:content_id, 'views', 'm', '1', 20, '2026-01-01', '2026-01-20', now())`,
  ],
  [
    null,
    `insert into anomaly_detectors (artist_id, metric, method, method_version, threshold, enabled,
       alerts_per_series_year, shared_per_series_year, series_with_alerts, budget, series, series_years, simulated_at)
     values (:artist_id, 'views', 'm', '1', 3.7, true, 1, 0, 0.5, 3, 5, 2, now())`,
  ],
  [
    null,
    `insert into trend_analysis_results (run_id, content_id, metric, method, method_version, points, computed_at)
     values (:run_id, :content_id, 'views', 'm', '1', 20, now())`,
  ],
  [
    null,
    `insert into content_feature_analysis (run_id, content_id, features, outcomes, computed_at)
     values (:run_id, :content_id, '{}', '{}', now())`,
  ],
  [
    null,
    `insert into correlation_analysis_results
       (run_id, artist_id, feature, metric, method, method_version, sample_size, computed_at)
     values (:run_id, :artist_id, 'f', 'views', 'm', '1', 12, now())`,
  ],
  [
    'insight_id',
    `insert into optimization_insights (artist_id, insight_key, insight_type, priority, title, description,
       impact_prediction, implementation_difficulty, method_version, first_found_at, last_found_at)
     values (:artist_id, 'k', 't', 'low', :name, 'd', 'i', 'easy', '1', now(), now()) returning id`,
  ],
  [
    'insight_event_id',
    `insert into insight_events (insight_id, action, at, actor, to_status, evidence)
     values (:insight_id, 'accepted', now(), :name, 'accepted', '{}') returning id`,
  ],
  [
    null,
    `insert into insight_outcomes (insight_id, event_id, metric, unit, horizon_day, predicted_low, predicted,
       predicted_high, baseline, points, verdict, method_version, checked_at)
     values (:insight_id, :insight_event_id, 'views', 'a day', '2026-02-01', 1, 2, 3, 1, 0, 'cannot_tell', '1', now())`,
  ],
  [
    null,
    `insert into release_scores (run_id, release_id, age_days, checkpoint_day, score, method_version, computed_at)
     values (:run_id, :release_id, 7, '2026-01-08', 5, '1', now())`,
  ],
  [
    'ab_test_id',
    `insert into ab_tests (artist_id, name, metric, kind, outcome, goal, alpha, power, baseline, minimum_effect,
       planned_per_variant, created_by, started_at)
     values (:artist_id, :name, 'clicks', 'proportion', 'recorded', 'increase', 0.05, 0.8, 0.1, 0.02, 4000, :name, now())
     returning id`,
  ],
  [
    null,
    `insert into ab_test_variants (ab_test_id, name, is_control, share) values (:ab_test_id, 'a', true, 1)`,
  ],
  [
    null,
    `insert into ab_test_assignments (ab_test_id, content_id, variant, assigned_at, assigned_by)
     values (:ab_test_id, :content_id, 'a', now(), :name)`,
  ],
  [
    null,
    `insert into ab_test_performance (ab_test_id, test_name, variant, release_id, content_id, metric, trials)
     values (:ab_test_id, :name, 'a', :release_id, :content_id, 'clicks', 1)`,
  ],
  [
    null,
    `insert into score_weights (artist_id, version, weights, created_by, valid_from)
     values (:artist_id, 1, '{"views": 1}', :name, now())`,
  ],
  [
    null,
    `insert into performance_benchmarks (artist_id, origin, platform, metric, computed_at)
     values (:artist_id, 'own', 'youtube', 'views', now())`,
  ],
  [
    null,
    `insert into stock_clip_usages (source_name, clip_id, release_id, used_at) values (:name, 'c', :release_id, now())`,
  ],
  [
    null,
    `insert into stock_performance_events (release_id, performance_score, event_day, origin, logged_at)
     values (:release_id, 5, '2026-01-08', 'logged', now())`,
  ],
  [
    null,
    `insert into manual_entries (content_id, metric, recorded_at, value, entered_by, entered_at)
     values (:content_id, 'views', now(), 1, :name, now())`,
  ],
  [
    null,
    `insert into annotations (artist_id, release_id, at, text) values (:artist_id, :release_id, now(), :name)`,
  ],
  [null, `insert into credentials (name, platform, sealed) values (:name, 'youtube', '\\x00')`],
  [null, `insert into quarantined_rows (origin, line, raw, reason) values (:name, 1, :name, 'r')`],
  [
    'api_key_id',
    `insert into api_keys (name, prefix, sha256, scopes, artist_ids)
     values (:name, 'p', sha256(convert_to(:name, 'UTF8')), '{read}', array[:artist_id::integer]) returning id`,
  ],
  [
    null,
    `insert into web_sessions (token_sha256, api_key_id, created_at, expires_at)
     values (sha256(convert_to('session of ' || :name, 'UTF8')), :api_key_id, now(), now() + interval '1 hour')`,
  ],
  [
    null,
    `insert into idempotent_requests (actor, key, request_sha256, created_at)
     values (:name, 'k', sha256(convert_to(:name, 'UTF8')), now())`,
  ],
  [
    'export_id',
    `insert into exports (dataset, format, parameters, as_of, artist_ids, file_name, token_sha256, requested_by,
       run_id, created_at, expires_at)
     values ('series', 'csv',
       '{"timeframe": "30d", "platforms": null, "content_ids": null, "include_metadata": false}', now(), array[:artist_id::integer], 'f', sha256(convert_to(:name, 'UTF8')), :name,
       :run_id, now(), now()) returning id`,
  ],
  [null, `insert into audit_log (actor, action) values (:name, 'a')`],
];

/** As the superuser: row security does not stand in the way. */
export async function seedTenant(pool: pg.Pool, name: string): Promise<Tenant> {
  const ids: Record<string, unknown> = { name };
  for (const [returns, sql] of statements) {
    const parameters: unknown[] = [];
    const text = sql.replaceAll(/(?<!:):(name|[a-z_]+_id)\b/g, (_match, key: string) => {
      parameters.push(ids[key]);
      return key === 'name' ? `$${parameters.length}::text` : `$${parameters.length}`;
    });
    const { rows } = await pool.query<{ id: unknown }>(text, parameters);
    if (returns !== null) ids[returns] = rows[0]!.id;
  }
  const own: Tenant['own'] = {};
  for (const column of [
    'artist_id',
    'release_id',
    'account_id',
    'content_id',
    'run_id',
    'plan_id',
    'ab_test_id',
    'insight_id',
    'export_id',
  ]) {
    // Two bigints come as text from rows and as numbers from JSON.
    own[column] = new Set([Number(ids[column])]);
  }
  // The long view's content is known by its key.
  own['content_id']!.add(`youtube:${name}`);
  return { name, artistId: Number(ids['artist_id']), own };
}

/** What in a row is not the tenants': a foreign id, or another's name in any text. Null for a row of theirs. */
export function foreignIn(
  row: Record<string, unknown>,
  theirs: readonly Tenant[],
  others: readonly Tenant[],
): string | null {
  for (const [column, value] of Object.entries(row)) {
    if (value === null || !theirs.some(({ own }) => column in own)) continue;
    if (!theirs.some(({ own }) => own[column]!.has(value))) return `${column} ${JSON.stringify(value)}`;
  }
  const text = JSON.stringify(row);
  return others.find(({ name }) => text.includes(name))?.name ?? null;
}
