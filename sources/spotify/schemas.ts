/**
 * What Spotify answers, as far as it is read. Development mode leaves out popularity, followers and labels;
 * older recordings lack fields that came later.
 */
import { z } from 'zod';

const id = z.string().min(1);
const gauge = z.number().min(0).max(100).nullish();

const artistReference = z.object({ id: id.nullable(), name: z.string() });

const albumReference = z.object({
  id: id.nullable(),
  name: z.string(),
  album_type: z.string().nullish(),
  release_date: z.string().nullish(),
  release_date_precision: z.string().nullish(),
});

const trackReference = z.object({ id: id.nullable(), name: z.string() });

export const track = z.object({
  id,
  name: z.string(),
  type: z.literal('track').optional(),
  duration_ms: z.number().nonnegative(),
  explicit: z.boolean().optional(),
  track_number: z.number().int().optional(),
  disc_number: z.number().int().optional(),
  popularity: gauge,
  external_ids: z.object({ isrc: z.string().optional() }).nullish(),
  album: albumReference.optional(),
  artists: z.array(artistReference).optional(),
  /** Stands where another edition answers for the one that was asked for. */
  linked_from: z.object({ id }).nullish(),
});
export type Track = z.infer<typeof track>;

/** By position: null for an id that is not known. */
export const trackBatch = z.object({ tracks: z.array(track.nullable()) });

export const artist = z.object({
  id,
  name: z.string(),
  popularity: gauge,
  followers: z.object({ total: z.number().int().nonnegative().nullish() }).nullish(),
});

function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    next: z.string().nullable(),
    total: z.number().int().nonnegative(),
  });
}
export const albumPage = pageOf(albumReference);
export const trackPage = pageOf(trackReference);

export const tokenGrant = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });

/** `{error: {status, message, reason?}}`; some 429 have `{}` or nothing. */
export const apiErrorBody = z.object({
  error: z.object({ message: z.string().optional(), reason: z.string().optional() }),
});
