/** Releases and the contents that belong to them. */
import { StoreError } from './errors.js';
import { execute, queryPlanned, queryRow, queryRows, type Queryable } from './queryable.js';

export type ReleaseState = 'draft' | 'approved' | 'withdrawn';

export interface Release {
  id: number;
  artistId: number;
  title: string;
  state: ReleaseState;
  format: string | null;
  /** ISO day. */
  releasedOn: string | null;
  language: string | null;
  tags: string[] | null;
  attributes: Record<string, unknown>;
}

export interface NewRelease {
  artistId: number;
  title: string;
  state?: ReleaseState;
  format?: string | null;
  releasedOn?: string | null;
  language?: string | null;
  tags?: readonly string[] | null;
  /** Anything the team notes about it; every key may become a feature of the correlation analysis. */
  attributes?: Record<string, unknown>;
}

export interface ReleaseContent {
  id: number;
  contentKey: string;
  platform: string;
  title: string | null;
  publishedAt: Date | null;
  isPrimary: boolean;
}

export interface ReleaseFilter {
  artistId?: number;
  state?: ReleaseState;
  /** Releases with a greater id: the last one of the page before. */
  afterId?: number;
  /** 100 unless told. */
  limit?: number;
}

const releaseColumns = `id, artist_id as "artistId", title, state, format, released_on::text as "releasedOn",
  language, tags, attributes`;

/**
 * @throws StoreError `notFound` when there is no such artist, `rejected` for an empty title,
 *   `accessDenied` for an artist outside the session's
 */
export async function addRelease(db: Queryable, release: NewRelease): Promise<Release> {
  return found(
    await queryRow<Release>(
      db,
      `insert into releases (artist_id, title, state, format, released_on, language, tags, attributes)
       values ($1, $2, $3, $4, $5, $6, $7, $8)
       returning ${releaseColumns}`,
      [
        release.artistId,
        release.title.trim(),
        release.state ?? 'draft',
        release.format ?? null,
        release.releasedOn ?? null,
        release.language ?? null,
        release.tags ?? null,
        release.attributes ?? {},
      ],
    ),
    'The new release',
  );
}

/** In order of id. @throws StoreError */
export async function listReleases(db: Queryable, filter: ReleaseFilter = {}): Promise<Release[]> {
  return queryRows<Release>(
    db,
    `select ${releaseColumns} from releases
     where ($1::integer is null or artist_id = $1) and ($2::text is null or state = $2) and id > $3
     order by id
     limit $4`,
    [filter.artistId ?? null, filter.state ?? null, filter.afterId ?? 0, filter.limit ?? 100],
  );
}

/** The release with its contents, primary ones first. @throws StoreError `notFound` */
export async function showRelease(
  db: Queryable,
  id: number,
): Promise<Release & { contents: ReleaseContent[] }> {
  const [release = null] = await queryPlanned<Release>(
    db,
    `select ${releaseColumns} from releases where id = $1`,
    [id],
  );
  const contents = await queryPlanned<ReleaseContent>(
    db,
    `select id, content_key as "contentKey", platform, title, published_at as "publishedAt",
       is_primary as "isPrimary"
     from contents where release_id = $1
     order by platform, is_primary desc, id`,
    [id],
  );
  return { ...found(release, `Release ${id}`), contents };
}

/**
 * Approves a draft; one that is approved already stays so.
 * @throws StoreError `notFound`, or `conflict` for a withdrawn release
 */
export async function approveRelease(db: Queryable, id: number): Promise<Release> {
  const approved = await queryRow<Release>(
    db,
    `update releases set state = 'approved' where id = $1 and state <> 'withdrawn' returning ${releaseColumns}`,
    [id],
  );
  if (approved !== null) return approved;
  await showRelease(db, id);
  throw new StoreError('conflict', `Release ${id} is withdrawn and cannot be approved`);
}

/**
 * Links a content to a release, or away from its present one to another. The first content that is linked on
 * a platform becomes primary there, and takes over the values told for the release and platform alone.
 * @throws StoreError `notFound` when either is missing
 */
export async function linkContent(db: Queryable, contentKey: string, releaseId: number): Promise<void> {
  const linked = await execute(
    db,
    'update contents set release_id = $2 where content_key = $1 and release_id is distinct from $2',
    [contentKey, releaseId],
  );
  if (linked > 0) return;
  found(
    await queryRow(db, 'select id from contents where content_key = $1', [contentKey]),
    `Content ${contentKey}`,
  );
}

/** Takes a content from its release; it waits to be linked. @throws StoreError */
export async function unlinkContent(db: Queryable, contentKey: string): Promise<void> {
  await execute(
    db,
    'update contents set release_id = null where content_key = $1 and release_id is not null',
    [contentKey],
  );
}

function found<Row>(row: Row | null, what: string): Row {
  if (row === null) throw new StoreError('notFound', `${what} does not exist, or is not to be seen`);
  return row;
}

/** Titles by release; one that is not to be seen is left out. @throws StoreError */
export async function releaseTitles(db: Queryable, ids: readonly number[]): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map();
  const rows = await queryRows<{ id: number; title: string }>(
    db,
    'select id, title from releases where id = any ($1::integer[])',
    [[...new Set(ids)]],
  );
  return new Map(rows.map(({ id, title }) => [id, title]));
}

export interface TouchedRelease {
  id: number;
  title: string;
}

/** The releases of contents by their keys, the latest first. @throws StoreError */
export async function releasesOfContents(
  db: Queryable,
  contentKeys: readonly string[],
): Promise<TouchedRelease[]> {
  if (contentKeys.length === 0) return [];
  return queryRows<TouchedRelease>(
    db,
    `select r.id, r.title from releases r
     where r.id in (select c.release_id from contents c where c.content_key = any ($1::text[]))
     order by r.released_on desc nulls last, r.id desc`,
    [contentKeys],
  );
}
