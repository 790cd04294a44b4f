import type { z } from 'zod';
import { warn, type SourceContext } from '../source.js';
import type { SpotifyClient } from './client.js';
import { albumPage, trackPage } from './schemas.js';
import { itemsPerPage, tracksPerBatch } from './settings.js';

/** Ids of an artist's tracks on albums and singles of its own, each once, as many together as a batch takes. */
export async function* walkTracks(
  client: SpotifyClient,
  artistId: string,
  context: SourceContext,
): AsyncGenerator<string[], void, undefined> {
  const seen = new Set<string>();
  // Singles hold one track each: asked for album by album, each would cost a call.
  let batch: string[] = [];
  const albums = `/artists/${encodeURIComponent(artistId)}/albums`;
  const own = { include_groups: 'album,single' };
  for await (const albumIds of walkPages(client, albums, own, albumPage, context)) {
    for (const albumId of albumIds) {
      const tracks = `/albums/${encodeURIComponent(albumId)}/tracks`;
      for await (const ids of walkPages(client, tracks, {}, trackPage, context)) {
        for (const id of ids) {
          if (seen.has(id)) continue;
          seen.add(id);
          batch.push(id);
          if (batch.length < tracksPerBatch) continue;
          yield batch;
          batch = [];
        }
      }
    }
  }
  if (batch.length > 0) yield batch;
}

type PageSchema = z.ZodType<{ items: { id: string | null }[]; next: string | null; total: number }>;

/**
 * Ids of a list, a page at a time, each once. Goes by offsets and never follows `next`, which may lead to
 * another host or in circles; ends where `next` is null, or a page is empty or holds nothing new.
 */
async function* walkPages(
  client: SpotifyClient,
  path: string,
  query: Record<string, string>,
  schema: PageSchema,
  context: SourceContext,
): AsyncGenerator<string[], void, undefined> {
  const seen = new Set<string>();
  let offset = 0;
  let total: number | null = null;
  for (;;) {
    const { body } = await client.get(
      {
        operation: `Spotify ${path.endsWith('/albums') ? 'albums of an artist' : 'tracks of an album'}`,
        path,
        query: { ...query, limit: String(itemsPerPage), offset: String(offset) },
        at: null,
        schema,
      },
      context,
    );
    if (total !== null && body.total !== total) {
      warn(context, 'The length of a list changed while it was read', { before: total, now: body.total });
    }
    total = body.total;
    const ids = body.items.flatMap(({ id }) => id ?? []);
    const fresh = [...new Set(ids)].filter((id) => !seen.has(id));
    for (const id of fresh) seen.add(id);
    if (fresh.length > 0) yield fresh;
    offset += body.items.length;
    if (body.next === null || body.items.length === 0) return;
    if (fresh.length === 0) {
      warn(context, 'A list goes in circles; it was ended', { items: seen.size });
      return;
    }
  }
}
