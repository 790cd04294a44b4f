import type { ContentDescription } from '../../contracts/records.js';
import { chunked, mapBounded } from '../bounded.js';
import { AuthError, MalformedError, NotFoundError, UnsupportedError } from '../errors.js';
import { warn, type Moment, type SourceContext } from '../source.js';
import type { SpotifyClient } from './client.js';
import { track, trackBatch, type Track } from './schemas.js';
import { parallelTracks, tracksPerBatch } from './settings.js';

export interface TrackGroup {
  /** Of the group's latest answer. */
  observedAt: Date;
  tracks: { askedId: string; track: Track; observedAt: Date }[];
  missing: string[];
}

/** Tracks by id: in batches where the credential is granted them, one by one otherwise. */
export class Tracks {
  readonly #client: SpotifyClient;
  #batches: boolean | null = null;

  constructor(client: SpotifyClient) {
    this.#client = client;
  }

  /** Whether batches are answered to this credential; null while nothing was asked. */
  get batchesAnswered(): boolean | null {
    return this.#batches;
  }

  /** Groups of at most 50, in the order asked; a track that the platform does not know is missing. */
  async *fetch(
    ids: readonly string[],
    at: Moment | null,
    context: SourceContext,
  ): AsyncGenerator<TrackGroup, void, undefined> {
    for (const batch of chunked([...new Set(ids)], tracksPerBatch)) {
      yield (await this.#tryBatch(batch, at, context)) ?? (await this.#oneByOne(batch, at, context));
    }
  }

  /**
   * One batch, or null where batches are not answered to this credential, or not for these ids (one that is no
   * id at all refuses the whole batch).
   */
  async #tryBatch(ids: string[], at: Moment | null, context: SourceContext): Promise<TrackGroup | null> {
    if (this.#batches === false) return null;
    try {
      const { body, observedAt } = await this.#client.get(
        {
          operation: 'Spotify tracks',
          path: '/tracks',
          query: { ids: ids.join(',') },
          at,
          schema: trackBatch,
        },
        context,
      );
      if (body.tracks.length !== ids.length) {
        throw new MalformedError('Spotify tracks: not as many answers as ids');
      }
      this.#batches = true;
      const answers = ids.map((askedId, position) => ({ askedId, track: body.tracks[position] ?? null }));
      for (const { askedId, track: found } of answers) if (found !== null) checkId(askedId, found);
      return {
        observedAt,
        tracks: answers.flatMap(({ askedId, track: found }) =>
          found === null ? [] : [{ askedId, track: found, observedAt }],
        ),
        missing: answers.filter((answer) => answer.track === null).map(({ askedId }) => askedId),
      };
    } catch (error) {
      const closed =
        (error instanceof AuthError && error.status === 403) ||
        error instanceof NotFoundError ||
        error instanceof UnsupportedError;
      if (!closed) throw error;
      // A 400 speaks of the ids; the others speak of the credential.
      if (error.status !== 400 && this.#batches === null) this.#batches = false;
      return null;
    }
  }

  async #oneByOne(ids: string[], at: Moment | null, context: SourceContext): Promise<TrackGroup> {
    const group: TrackGroup = { observedAt: new Date(0), tracks: [], missing: [] };
    const ask = (askedId: string, inner: SourceContext) => this.#single(askedId, at, inner);
    for await (const { askedId, track: found, observedAt } of mapBounded(ids, parallelTracks, context, ask)) {
      if (found === null) group.missing.push(askedId);
      else group.tracks.push({ askedId, track: found, observedAt });
      if (observedAt > group.observedAt) group.observedAt = observedAt;
    }
    return group;
  }

  async #single(
    askedId: string,
    at: Moment | null,
    context: SourceContext,
  ): Promise<{ askedId: string; track: Track | null; observedAt: Date }> {
    try {
      const { body, observedAt } = await this.#client.get(
        { operation: 'Spotify track', path: `/tracks/${encodeURIComponent(askedId)}`, at, schema: track },
        context,
      );
      checkId(askedId, body);
      return { askedId, track: body, observedAt };
    } catch (error) {
      const noId = error instanceof UnsupportedError && error.status === 400 && /\bid\b/i.test(error.message);
      if (!noId && !(error instanceof NotFoundError)) throw error;
      if (noId) warn(context, 'An id is none of Spotify’s', { externalId: askedId });
      return { askedId, track: null, observedAt: error.answeredAt ?? context.clock.now() };
    }
  }
}

/** @throws MalformedError when an answer speaks of a track that was not asked for */
function checkId(askedId: string, found: Track): void {
  if (found.id !== askedId && found.linked_from?.id !== askedId) {
    throw new MalformedError('Spotify tracks: an answer for another track than was asked for');
  }
}

/**
 * A track as its platform describes it. A release date told by year or month alone is kept as an attribute and
 * is no publication instant: ages would be off by months.
 */
export function describeTrack(askedId: string, found: Track): ContentDescription {
  const { album } = found;
  const day = /^\d{4}-\d{2}-\d{2}$/.test(album?.release_date ?? '') ? album?.release_date : null;
  const attributes: Record<string, unknown> = {
    album_id: album?.id,
    album_name: album?.name,
    album_type: album?.album_type,
    release_date: album?.release_date,
    release_date_precision: album?.release_date_precision,
    artists: found.artists?.map(({ name }) => name),
    artist_ids: found.artists?.map(({ id }) => id),
    explicit: found.explicit,
    track_number: found.track_number,
    disc_number: found.disc_number,
  };
  return {
    platform: 'spotify',
    externalId: askedId,
    kind: 'track',
    title: found.name,
    description: null,
    publishedAt: day == null ? null : new Date(`${day}T00:00:00Z`),
    // No track lasts nothing: a zero stands for «not known».
    durationSeconds: found.duration_ms === 0 ? null : found.duration_ms / 1000,
    tags: null,
    language: null,
    format: 'track',
    isrc: found.external_ids?.isrc ?? null,
    attributes: Object.fromEntries(Object.entries(attributes).filter(([, value]) => value != null)),
  };
}
