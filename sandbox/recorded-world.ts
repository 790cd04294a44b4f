import { readRecordedSpotify, type RecordedSpotify } from './recorded-spotify.js';
import {
  readRecordedYouTube,
  type RecordedMoment,
  type RecordedVideo,
  type RecordedYouTube,
} from './recorded-youtube.js';
import type { World } from './world.js';

export interface RecordedWorld extends World {
  readonly kind: 'recorded';
  readonly youtube: RecordedYouTube;
  readonly spotify: RecordedSpotify;
  /** Every run of the recordings' collector, in order of time. */
  readonly moments: readonly RecordedMoment[];
  readonly videos: readonly RecordedVideo[];
}

/**
 * The platforms as others recorded them. A video at a moment is its last row at or before it, and absent
 * where that row is blank or there is none.
 * @throws when a file is missing
 */
export async function readRecordedWorld(dataDirectory: string): Promise<RecordedWorld> {
  const [youtube, spotify] = await Promise.all([
    readRecordedYouTube(dataDirectory),
    readRecordedSpotify(dataDirectory),
  ]);
  return { kind: 'recorded', youtube, spotify, moments: youtube.moments, videos: youtube.videos };
}
