import type {
  ContentDescription,
  DailyRecord,
  MetricValues,
  SnapshotBatch,
} from '../../contracts/records.js';
import { UnsupportedError } from '../errors.js';
import {
  warn,
  type AccountSnapshot,
  type DailyQuery,
  type DescriptionBatch,
  type Moment,
  type ProbeReport,
  type Source,
  type SourceCapabilities,
  type SourceContext,
} from '../source.js';
import { walkTracks } from './catalogue.js';
import { SpotifyClient } from './client.js';
import { artist } from './schemas.js';
import { spotifyCapabilities, type SpotifySettings } from './settings.js';
import { describeTrack, Tracks } from './tracks.js';

/** A track that has been there for long and is asked for by a probe alone; it need not exist. */
const probeTrackId = '11dFghVXANMlKmJXsNCbNl';

/** Spotify: tracks, albums and artists by the Web API. Streams are in no API and come by export files. */
export class SpotifySource implements Source {
  readonly platform = 'spotify';
  readonly capabilities: SourceCapabilities;
  readonly #client: SpotifyClient;
  readonly #tracks: Tracks;
  readonly #artistId: string | null;

  /** @throws RangeError for an address that is none */
  constructor(settings: SpotifySettings) {
    this.#client = new SpotifyClient(settings);
    this.#tracks = new Tracks(this.#client);
    this.#artistId = settings.artistId;
    this.capabilities = spotifyCapabilities(settings, this.#client.takesMoment);
  }

  /** Tracks of the artist's own albums and singles. */
  async *listContents(context: SourceContext): AsyncGenerator<ContentDescription[], void, undefined> {
    for await (const ids of walkTracks(this.#client, this.#artist(), context)) {
      for await (const { descriptions } of this.describeContents(ids, context)) {
        if (descriptions.length > 0) yield descriptions;
      }
    }
  }

  async *describeContents(
    externalIds: readonly string[],
    context: SourceContext,
  ): AsyncGenerator<DescriptionBatch, void, undefined> {
    for await (const { observedAt, tracks, missing } of this.#tracks.fetch(externalIds, null, context)) {
      yield {
        observedAt,
        descriptions: tracks.map(({ askedId, track }) => describeTrack(askedId, track)),
        missing,
      };
    }
  }

  /** Popularity, a gauge, where the credential is granted it; otherwise what is and what is missing, without a value. */
  async *fetchSnapshots(
    externalIds: readonly string[],
    at: Moment | null,
    context: SourceContext,
  ): AsyncGenerator<SnapshotBatch, void, undefined> {
    let withheld = 0;
    for await (const { observedAt, tracks, missing } of this.#tracks.fetch(externalIds, at, context)) {
      withheld += tracks.filter(({ track }) => track.popularity == null).length;
      yield {
        observedAt,
        snapshots: tracks.map(({ askedId, track, observedAt: recordedAt }) => ({
          platform: 'spotify',
          externalId: askedId,
          recordedAt,
          metrics: track.popularity == null ? {} : { popularity: track.popularity },
        })),
        missing,
      };
    }
    if (withheld > 0) warn(context, 'Spotify gives this credential no popularity', { tracks: withheld });
  }

  /** @throws UnsupportedError always: the Web API has no daily figures */
  async *fetchDailyRows(
    _query: DailyQuery,
    context: SourceContext,
  ): AsyncGenerator<DailyRecord[], void, undefined> {
    context.signal.throwIfAborted();
    await Promise.resolve();
    throw new UnsupportedError("Spotify's Web API has no streams: import the files of Spotify for Artists");
  }

  /** The artist's followers and popularity, where granted. */
  async fetchAccount(at: Moment | null, context: SourceContext): Promise<AccountSnapshot> {
    const { body, observedAt } = await this.#client.get(
      {
        operation: 'Spotify artist',
        path: `/artists/${encodeURIComponent(this.#artist())}`,
        at,
        schema: artist,
      },
      context,
    );
    const metrics: MetricValues = {};
    if (body.followers?.total != null) metrics['followers'] = body.followers.total;
    if (body.popularity != null) metrics['popularity'] = body.popularity;
    return { externalId: body.id, title: body.name, recordedAt: observedAt, metrics };
  }

  /** The artist, where one is told, and one batch of one track: 2 calls, 3 where batches are refused. */
  async probe(context: SourceContext): Promise<ProbeReport> {
    const account = this.#artistId === null ? null : await this.fetchAccount(null, context);
    let popularity: boolean | null = account === null ? null : 'popularity' in account.metrics;
    for await (const group of this.#tracks.fetch([probeTrackId], null, context)) {
      const found = group.tracks[0];
      if (found !== undefined) popularity = typeof found.track.popularity === 'number';
    }
    return {
      accountTitle: account?.title ?? null,
      grants: {
        batches: this.#tracks.batchesAnswered,
        popularity,
        followers: account === null ? null : 'followers' in account.metrics,
      },
    };
  }

  #artist(): string {
    if (this.#artistId === null) throw new UnsupportedError('No Spotify artist is told for this account');
    return this.#artistId;
  }
}
