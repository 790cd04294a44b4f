/** Engagement as callers push it: the contents that they speak of, and what they say beside the figures. */
import type { Platform } from '../contracts/vocabulary.js';
import { execute, queryRows, type Queryable } from './queryable.js';

interface TrackedContent {
  contentId: number;
  contentKey: string;
  platform: Platform;
  externalId: string;
}

const findTracked = `
select distinct on (n.position) c.id as "contentId", c.content_key as "contentKey",
  c.platform, c.external_id as "externalId"
from unnest($1::text[], $2::text[]) with ordinality as n (told_key, told_platform, position)
join contents c on c.content_key = n.told_key
  or (c.platform = n.told_platform and c.external_id = n.told_key)
order by n.position, c.content_key = n.told_key desc`;

/**
 * The contents that callers speak of, by our key or by the platform's id, in the order of the names. Unknown
 * ones are created under the name as given, linked to no release. To be called inside a transaction.
 */
export async function ensureTracked(
  db: Queryable,
  names: readonly { key: string; platform: Platform }[],
): Promise<TrackedContent[]> {
  const parameters = [names.map(({ key }) => key), names.map(({ platform }) => platform)];
  // In order of key, so that two callers that bring the same new names do not wait for each other in a ring.
  await execute(
    db,
    `insert into contents (content_key, platform, external_id)
     select distinct n.told_key, n.told_platform, n.told_key
     from unnest($1::text[], $2::text[]) as n (told_key, told_platform)
     where not exists (
       select from contents c
       where c.content_key = n.told_key or (c.platform = n.told_platform and c.external_id = n.told_key)
     )
     order by 1
     on conflict do nothing`,
    parameters,
  );
  // A content that stood for a release and platform alone is known by its key from here on.
  await execute(
    db,
    `update contents set external_id = content_key where external_id is null and content_key = any($1::text[])`,
    [parameters[0]],
  );
  const rows = await queryRows<TrackedContent>(db, findTracked, parameters);
  return rows.map(({ contentId, contentKey, platform, externalId }) => ({
    contentId,
    contentKey,
    platform,
    externalId,
  }));
}

/** Notes what callers said about their snapshots beside the figures. */
export async function saveSnapshotMetadata(
  db: Queryable,
  notes: readonly { contentId: number; recordedAt: Date; metadata: Record<string, unknown> }[],
  source: 'manual' | 'reported' | 'imported',
): Promise<void> {
  await execute(
    db,
    `update engagement_snapshots s set metadata = n.metadata
     from unnest($1::int[], $2::timestamptz[], $3::jsonb[]) as n (content_id, recorded_at, metadata)
     where s.content_id = n.content_id and s.recorded_at = n.recorded_at
       and s.source = (select v.source from value_sources v where v.name = $4)
       and s.metadata is distinct from n.metadata`,
    [
      notes.map(({ contentId }) => contentId),
      notes.map(({ recordedAt }) => recordedAt),
      notes.map(({ metadata }) => JSON.stringify(metadata)),
      source,
    ],
  );
}
