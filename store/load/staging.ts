import { wideMetrics } from '../../contracts/vocabulary.js';
import { hasClose } from './metric-traits.js';

const values = wideMetrics.map((metric) => `${metric} float8`).join(', ');
const closes = wideMetrics
  .filter(hasClose)
  .map((metric) => `${metric}_close float8`)
  .join(', ');

/**
 * Temporary tables of a chunk, kept for the connection's life and emptied at each commit: row security refuses
 * COPY into the real ones. JIT compiles longer than such statements run.
 */
export const snapshotStaging = `
set local jit = off;
set local client_min_messages = warning;
create temporary table if not exists snapshot_stage (
  content_id integer, recorded_at timestamptz, source_version timestamptz, ${values}, extra jsonb
) on commit delete rows;
create temporary table if not exists snapshot_changes (
  content_id integer, recorded_at timestamptz, inserted boolean, changed boolean,
  old_values float8[], new_values float8[], old_extra jsonb, new_extra jsonb
) on commit delete rows;
create temporary table if not exists touched_contents (content_id integer, zone text) on commit delete rows;
create temporary table if not exists touched_days (
  content_id integer, day date, zone text, starts timestamptz, ends timestamptz
) on commit delete rows;`;

export const dailyStaging = `
set local jit = off;
set local client_min_messages = warning;
create temporary table if not exists daily_stage (
  content_id integer, day date, ${values}, ${closes}, extra jsonb, final boolean, source_version timestamptz
) on commit delete rows;
create temporary table if not exists daily_changes (
  content_id integer, day date, inserted boolean, changed boolean,
  old_values float8[], new_values float8[], old_extra jsonb, new_extra jsonb
) on commit delete rows;
create temporary table if not exists daily_around (
  content_id integer, day date, before_day date
) on commit delete rows;`;
