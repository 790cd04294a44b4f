/** Which release a content belongs to, with what whoever links it should know. */
import { findContent, listContents, type ListedContent } from '../store/content-list.js';
import { StoreError } from '../store/errors.js';
import type { Queryable } from '../store/queryable.js';
import { linkContent, showRelease, unlinkContent, type Release } from '../store/releases.js';

export interface LinkWarning {
  code:
    | 'moves_from_release'
    | 'moves_from_artist'
    | 'release_not_approved'
    | 'not_primary'
    | 'takes_over_values'
    | 'published_before_release'
    | 'leaves_release_without_content'
    | 'takes_values_along';
  message: string;
}

export interface LinkedContent {
  content: ListedContent;
  /** False where it was so before. */
  changed: boolean;
  warnings: LinkWarning[];
}

const dayMs = 86_400_000;

/**
 * Links a content to a release, away from its present one where it has one. Doing it again changes nothing. In a
 * transaction that is rolled back it tells what would be.
 * @throws StoreError `notFound` when either is missing
 */
export async function linkContentToRelease(
  db: Queryable,
  contentKey: string,
  releaseId: number,
): Promise<LinkedContent> {
  const { content, warnings } = await previewLink(db, contentKey, releaseId);
  if (content.release_id === releaseId) return { content, changed: false, warnings };
  await linkContent(db, contentKey, releaseId);
  return { content: await requireContent(db, contentKey), changed: true, warnings };
}

/**
 * What linking would be: the content and the release as they are, and what to know before; writes nothing.
 * @throws StoreError `notFound` when either is missing
 */
export async function previewLink(
  db: Queryable,
  contentKey: string,
  releaseId: number,
): Promise<{ content: ListedContent; release: Release; warnings: LinkWarning[] }> {
  const [content, release] = [await requireContent(db, contentKey), await showRelease(db, releaseId)];
  const warnings: LinkWarning[] = [];
  if (content.release_id === releaseId) return { content, release, warnings };
  const warn = (code: LinkWarning['code'], message: string): void => void warnings.push({ code, message });
  if (content.release_id !== null) {
    warn(
      'moves_from_release',
      `It belonged to release ${content.release_id}, “${content.release_title ?? ''}”.`,
    );
    if (content.artist_id !== release.artistId)
      warn('moves_from_artist', 'That release is another artist’s; what was found of it goes along.');
    warnings.push(...(await warningsOfLeaving(db, content)));
  }
  if (release.state !== 'approved')
    warn('release_not_approved', `Release ${releaseId} is ${release.state}; values told for it are refused.`);
  const beside = (await listContents(db, { platform: content.platform, releaseId })).find(
    ({ is_primary }) => is_primary,
  );
  if (beside?.stands_in === true)
    warn('takes_over_values', 'It takes over the values that were told for the release and platform alone.');
  else if (beside !== undefined)
    warn('not_primary', `${beside.content_id} stays the release’s first content on ${content.platform}.`);
  if (
    release.releasedOn !== null &&
    content.published_at !== null &&
    content.published_at.getTime() < Date.parse(release.releasedOn) - dayMs
  )
    warn(
      'published_before_release',
      `It was published on ${content.published_at.toISOString().slice(0, 10)}, before the release’s ${release.releasedOn}.`,
    );
  return { content, release, warnings };
}

/**
 * Takes a content from its release; it waits to be linked again. Doing it again changes nothing.
 * @throws StoreError `notFound`; `conflict` for a stand-in, which is nothing without its release
 */
export async function unlinkContentFromRelease(db: Queryable, contentKey: string): Promise<LinkedContent> {
  const content = await requireContent(db, contentKey);
  if (content.release_id === null) return { content, changed: false, warnings: [] };
  if (content.stands_in)
    throw new StoreError(
      'conflict',
      `${contentKey} holds values told for its release and cannot be unlinked`,
      {
        hint: 'Link a content of the platform to the release: it takes the values over.',
      },
    );
  const warnings = await warningsOfLeaving(db, content);
  await unlinkContent(db, contentKey);
  return { content: await requireContent(db, contentKey), changed: true, warnings };
}

async function warningsOfLeaving(db: Queryable, content: ListedContent): Promise<LinkWarning[]> {
  const { platform, release_id: releaseId } = content;
  const warnings: LinkWarning[] = [];
  if (content.is_primary)
    warnings.push({
      code: 'takes_values_along',
      message: 'Values told for its former release and platform alone stay with it.',
    });
  if ((await listContents(db, { platform, releaseId: releaseId ?? undefined })).length === 1)
    warnings.push({
      code: 'leaves_release_without_content',
      message: `Its former release has no other content on ${platform}.`,
    });
  return warnings;
}

async function requireContent(db: Queryable, contentKey: string): Promise<ListedContent> {
  const content = await findContent(db, contentKey);
  if (content === null)
    throw new StoreError('notFound', `Content ${contentKey} does not exist, or is not to be seen`);
  return content;
}
