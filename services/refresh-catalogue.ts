/** What an account has published, and how its platform describes it. */
import { dayOf } from '../analytics/calendar.js';
import type { ContentDescription } from '../contracts/records.js';
import type { CollectStatsInput } from '../contracts/runs.js';
import { catalogueReadOn, noteCatalogueRead, undescribedContents } from '../store/collections.js';
import { upsertDescriptions } from '../store/contents.js';
import { collectedContents, openCollection, type CollectionDeps } from './collection.js';
import { onceReachable } from './once-reachable.js';

export interface CatalogueResult {
  /** False where it was read today already. */
  read: boolean;
  described: number;
  /** Contents that the collection may ask for. */
  tracked: number;
  warnings: string[];
}

/**
 * Walks an account's contents and keeps their descriptions, at most once a day of the program's clock; an
 * account that lists nothing has its contents described by id. Nothing is ever removed: what is no longer
 * listed falls silent when its counters are asked for.
 */
export async function refreshCatalogue(
  deps: CollectionDeps,
  input: CollectStatsInput,
  signal: AbortSignal,
): Promise<CatalogueResult> {
  const { account, source, context, warnings } = await openCollection(deps, input, signal);
  const today = dayOf(deps.clock.now(), 'UTC');
  const isRead = (await catalogueReadOn(deps.pool, account.id)) === today;
  let described = 0;
  const keep = async (descriptions: ContentDescription[]): Promise<void> => {
    await onceReachable(signal, () => upsertDescriptions(deps.pool, descriptions, account.id));
    described += descriptions.length;
  };
  if (!isRead) {
    if (source.capabilities.listsContents)
      for await (const descriptions of source.listContents(context)) await keep(descriptions);
    const unknown = await undescribedContents(deps.pool, account.id);
    if (unknown.length > 0)
      for await (const { descriptions } of source.describeContents(unknown, context))
        await keep(descriptions);
    await noteCatalogueRead(deps.pool, account.id, today);
  }
  const tracked = await collectedContents(deps.pool, account.id, null, input.release);
  return { read: !isRead, described, tracked: tracked.length, warnings: warnings() };
}
