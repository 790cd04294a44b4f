import type { Pool } from 'pg';
import { findContents, type KnownContent } from '../store/engagement.js';
import { StoreError } from '../store/errors.js';

/**
 * The contents of the given names, by our key or the platform's id, in the order of the names.
 * @throws StoreError `notFound` that names those that are missing.
 */
export async function requireContents(pool: Pool, names: readonly string[]): Promise<KnownContent[]> {
  const known = await findContents(pool, names, null);
  const found = names.map((name) => [name, known.find((content) => isNamed(content, name))] as const);
  const missing = found.flatMap(([name, content]) => (content === undefined ? [`«${name}»`] : []));
  if (missing.length > 0) throw new StoreError('notFound', `There is no content ${missing.join(', ')}.`);
  return found.flatMap(([, content]) => (content === undefined ? [] : [content]));
}

/** The content of a name. @throws StoreError `notFound` */
export async function requireContent(pool: Pool, name: string): Promise<KnownContent> {
  const [content] = await requireContents(pool, [name]);
  return content!;
}

function isNamed(content: KnownContent, name: string): boolean {
  return content.contentKey === name || content.externalId === name;
}
