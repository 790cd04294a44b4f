import type { ContentDescription, DailyRecord, SnapshotBatch } from '../../contracts/records.js';
import { NotFoundError } from '../errors.js';
import type {
  AccountSnapshot,
  DailyQuery,
  DescriptionBatch,
  Moment,
  ProbeReport,
  Source,
  SourceCapabilities,
  SourceContext,
} from '../source.js';
import { DailyReports } from './analytics.js';
import { accountSnapshot, findChannel, walkUploads } from './channels.js';
import { YoutubeClient } from './client.js';
import { VideoCounters } from './counters.js';
import {
  defaultFinalAfterHours,
  defaultShortMaxSeconds,
  youtubeCapabilities,
  type YoutubeSettings,
} from './settings.js';
import { describeVideos } from './videos.js';

/** YouTube: counters and metadata by the Data API v3, daily figures by the Analytics API v2. */
export class YoutubeSource implements Source {
  readonly platform = 'youtube';
  readonly capabilities: SourceCapabilities;
  readonly #client: YoutubeClient;
  readonly #counters: VideoCounters;
  readonly #reports: DailyReports;
  readonly #channelId: string | null;
  readonly #shortMaxSeconds: number;

  /** @throws RangeError for an address that is none, or settings without a credential */
  constructor(settings: YoutubeSettings) {
    this.#client = new YoutubeClient(settings);
    this.#counters = new VideoCounters(this.#client);
    this.#channelId = settings.channelId;
    this.#shortMaxSeconds = settings.shortMaxSeconds ?? defaultShortMaxSeconds;
    this.#reports = new DailyReports(this.#client, {
      channelId: settings.channelId,
      finalAfterHours: settings.finalAfterHours ?? defaultFinalAfterHours,
    });
    this.capabilities = youtubeCapabilities(settings, this.#client.takesMoment);
  }

  /** The channel's uploads; a private or deleted one stands in the playlist and is left out. */
  async *listContents(context: SourceContext): AsyncGenerator<ContentDescription[], void, undefined> {
    const { channel } = await findChannel(this.#client, this.#channelId, null, context);
    const uploads = channel.contentDetails?.relatedPlaylists.uploads;
    if (uploads === undefined) throw new NotFoundError('The YouTube channel has no list of uploads');
    for await (const ids of walkUploads(this.#client, uploads, context)) {
      for await (const { descriptions } of this.describeContents(ids, context)) {
        if (descriptions.length > 0) yield descriptions;
      }
    }
  }

  describeContents(externalIds: readonly string[], context: SourceContext): AsyncIterable<DescriptionBatch> {
    return describeVideos(this.#client, externalIds, this.#shortMaxSeconds, context);
  }

  fetchSnapshots(
    externalIds: readonly string[],
    at: Moment | null,
    context: SourceContext,
  ): AsyncIterable<SnapshotBatch> {
    return this.#counters.fetch(externalIds, at, context);
  }

  fetchDailyRows(query: DailyQuery, context: SourceContext): AsyncIterable<DailyRecord[]> {
    return this.#reports.fetch(query, context);
  }

  async fetchAccount(at: Moment | null, context: SourceContext): Promise<AccountSnapshot> {
    return accountSnapshot(await findChannel(this.#client, this.#channelId, at, context));
  }

  /** One channels.list, and one batchGetStats of a video that does not exist; 2 units at most. */
  async probe(context: SourceContext): Promise<ProbeReport> {
    let accountTitle: string | null = null;
    if (this.capabilities.listsContents) {
      const { channel } = await findChannel(this.#client, this.#channelId, null, context);
      accountTitle = channel.snippet?.title ?? null;
    }
    await this.#counters.fetchBatch(['aaaaaaaaaaa'], null, context);
    return {
      accountTitle,
      grants: { batchGetStats: this.#counters.batchAnswered, dailyReports: this.#client.hasGrant },
    };
  }
}
