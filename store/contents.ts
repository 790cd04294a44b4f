/** Contents: a release's presence on one platform, or one that waits to be linked. */
import type { ContentDescription } from '../contracts/records.js';
import type { AnalysisScope } from '../contracts/runs.js';
import { StoreError } from './errors.js';
import { queryRows, type Queryable } from './queryable.js';

export interface TrackedContent {
  id: number;
  externalId: string;
  publishedAt: Date | null;
}

/** Ids a batch of `contentIdsOfScope`. */
const scopeBatch = 1_000;

/**
 * Adds contents, or brings them up to date with what their platform says; a null keeps what was known, and
 * attributes are merged by key. A content without an account becomes the account's. Told twice, the later
 * description counts.
 * @returns the id of each, by external id; descriptions of several platforms are not mixed in one call
 * @throws StoreError
 */
export async function upsertDescriptions(
  db: Queryable,
  descriptions: readonly ContentDescription[],
  accountId: number | null,
): Promise<Map<string, number>> {
  const latest = new Map(descriptions.map((description) => [description.externalId, description]));
  if (latest.size === 0) return new Map();
  const platforms = new Set(descriptions.map(({ platform }) => platform));
  if (platforms.size > 1) {
    throw new StoreError('rejected', 'Descriptions of several platforms came in one call');
  }
  const rows = await queryRows<{ id: number; externalId: string }>(
    db,
    // In order of key, so that two writers of the same contents wait for each other and never in a ring.
    `with told as (
       select t.* from jsonb_to_recordset($1::jsonb) as t (
         platform text, "externalId" text, kind text, title text, description text, "publishedAt" timestamptz,
         "durationSeconds" double precision, tags text[], language text, format text, isrc text, attributes jsonb)
     ), written as (
       insert into contents as c (content_key, platform, external_id, kind, account_id, title, description,
         published_at, duration_seconds, tags, language, format, isrc, attributes)
       select t.platform || ':' || t."externalId", t.platform, t."externalId", t.kind, $2::integer, t.title,
         t.description, t."publishedAt", t."durationSeconds", t.tags, t.language, t.format, t.isrc,
         coalesce(t.attributes, '{}')
       from told t
       order by t."externalId"
       on conflict on constraint contents_platform_external_id_key do update set
         kind = excluded.kind,
         account_id = coalesce(c.account_id, excluded.account_id),
         title = coalesce(excluded.title, c.title),
         description = coalesce(excluded.description, c.description),
         published_at = coalesce(excluded.published_at, c.published_at),
         duration_seconds = coalesce(excluded.duration_seconds, c.duration_seconds),
         tags = coalesce(excluded.tags, c.tags),
         language = coalesce(excluded.language, c.language),
         format = coalesce(excluded.format, c.format),
         isrc = coalesce(excluded.isrc, c.isrc),
         attributes = c.attributes || excluded.attributes
       where (c.kind, c.account_id, c.title, c.description, c.published_at, c.duration_seconds, c.tags, c.language,
           c.format, c.isrc, c.attributes)
         is distinct from (excluded.kind, coalesce(c.account_id, excluded.account_id),
           coalesce(excluded.title, c.title), coalesce(excluded.description, c.description),
           coalesce(excluded.published_at, c.published_at), coalesce(excluded.duration_seconds, c.duration_seconds),
           coalesce(excluded.tags, c.tags), coalesce(excluded.language, c.language),
           coalesce(excluded.format, c.format), coalesce(excluded.isrc, c.isrc),
           c.attributes || excluded.attributes)
       returning id, external_id
     )
     select id, external_id as "externalId" from written
     union
     select c.id, c.external_id from contents c join told t on c.platform = t.platform and c.external_id = t."externalId"`,
    [JSON.stringify([...latest.values()]), accountId],
  );
  return new Map(rows.map(({ id, externalId }) => [externalId, id]));
}

/**
 * What a collection asks the account's platform for, in order of id: contents with a platform id.
 * @param at leaves out what was not published then or lies outside its bounds of tracking; null asks for all,
 *   whatever their bounds
 * @throws StoreError
 */
export async function trackedContents(
  db: Queryable,
  accountId: number,
  at: Date | null,
): Promise<TrackedContent[]> {
  return queryRows<TrackedContent>(
    db,
    `select id, external_id as "externalId", published_at as "publishedAt"
     from contents
     where account_id = $1 and external_id is not null
       and ($2::timestamptz is null or (
         coalesce(published_at, '-infinity') <= $2
         and coalesce(tracked_from, '-infinity') <= $2 and coalesce(tracked_until, 'infinity') > $2))
     order by id`,
    [accountId, at],
  );
}

/**
 * The ids of the contents that an analysis is over, ascending, in batches of a thousand.
 * @throws StoreError `notFound` when a content that is named is not there
 */
export async function* contentIdsOfScope(db: Queryable, scope: AnalysisScope): AsyncGenerator<number[]> {
  if (scope.kind === 'contents') await requireContents(db, scope.contentIds);
  const { condition, parameters } = conditionOf(scope);
  let last = 0;
  for (;;) {
    const rows = await queryRows<{ id: number }>(
      db,
      `select c.id from contents c where c.id > $1 and ${condition} order by c.id limit ${scopeBatch}`,
      [last, ...parameters],
    );
    const ids = rows.map(({ id }) => id);
    if (ids.length > 0) yield ids;
    if (ids.length < scopeBatch) return;
    last = ids.at(-1) ?? last;
  }
}

function conditionOf(scope: AnalysisScope): { condition: string; parameters: unknown[] } {
  switch (scope.kind) {
    case 'all':
      return { condition: 'true', parameters: [] };
    case 'run':
      return {
        condition: 'c.id in (select t.content_id from run_contents t where t.run_id = $2)',
        parameters: [scope.runId],
      };
    case 'artist':
      return { condition: 'c.artist_id = $2', parameters: [scope.artistId] };
    case 'contents':
      return { condition: 'c.content_key = any ($2::text[])', parameters: [scope.contentIds] };
  }
}

async function requireContents(db: Queryable, contentKeys: readonly string[]): Promise<void> {
  const missing = await queryRows<{ key: string }>(
    db,
    `select k.key from unnest($1::text[]) as k (key)
     where not exists (select from contents c where c.content_key = k.key)
     order by k.key`,
    [contentKeys],
  );
  if (missing.length === 0) return;
  const named = missing.slice(0, 5).map(({ key }) => key);
  const rest = missing.length > named.length ? ` and ${missing.length - named.length} more` : '';
  throw new StoreError('notFound', `There is no content ${named.join(', ')}${rest}`);
}
