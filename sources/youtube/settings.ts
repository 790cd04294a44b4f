import type { SourceCapabilities } from '../source.js';

export interface YoutubeSettings {
  platform: 'youtube';
  /** Root of the Data API; may hold `{at}`. Null means Google's own. */
  rootUrl: string | null;
  /** Root of the Analytics API, likewise. Null means the Data API's where that is told, else Google's own. */
  analyticsRootUrl: string | null;
  /** Where refresh tokens are exchanged; null means Google's own. */
  tokenUrl: string | null;
  /** Reads what is public. One of the two is needed; with both, the refresh token is used. */
  apiKey: string | null;
  /** The owner's grant: reads the daily reports too. */
  oauth: { clientId: string; clientSecret: string; refreshToken: string } | null;
  /** `UC…`; null means the channel that the grant is for. */
  channelId: string | null;
  /** A video up to this long is a short; up to three minutes it is one where its author tags it so. */
  shortMaxSeconds?: number;
  /** Hours from a Pacific day's end until its figures are taken as settled. */
  finalAfterHours?: number;
}

export const googleDataRoot = 'https://youtube.googleapis.com';
export const googleAnalyticsRoot = 'https://youtubeanalytics.googleapis.com';
export const googleTokenUrl = 'https://oauth2.googleapis.com/token';

/** Google's days, of quotas and of reports. */
export const pacific = 'America/Los_Angeles';

export const defaultShortMaxSeconds = 60;
/** Figures are 48 to 72 hours late; past that they move little. */
export const defaultFinalAfterHours = 72;

/** Ids a call of videos.list and videos.batchGetStats takes. */
export const idsPerCall = 50;

/** The most calls under way at once for one collection. */
export const parallelCalls = 4;

export const youtubeBuckets = {
  data: { dailyLimit: 10_000, zone: pacific },
  stats: { dailyLimit: 10_000, zone: pacific },
  analytics: { dailyLimit: null, zone: pacific },
} as const;
export type YoutubeBucket = keyof typeof youtubeBuckets;

/** What these settings let a caller ask for. */
export function youtubeCapabilities(settings: YoutubeSettings, takesMoment: boolean): SourceCapabilities {
  const finalAfterHours = settings.finalAfterHours ?? defaultFinalAfterHours;
  return {
    reports: {
      counters: {
        history: takesMoment ? 'range' : 'now',
        dayZone: 'UTC',
        lagDays: 0,
        finalAfterDays: 0,
      },
      ...(settings.oauth === null
        ? {}
        : {
            daily: {
              history: 'range' as const,
              dayZone: pacific,
              lagDays: 3,
              finalAfterDays: Math.ceil(finalAfterHours / 24),
            },
          }),
    },
    listsContents: settings.channelId !== null || settings.oauth !== null,
    buckets: youtubeBuckets,
  };
}
