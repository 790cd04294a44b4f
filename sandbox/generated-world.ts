import { dayNumber, dayText } from './calendar.js';
import {
  artistName,
  catalogue,
  clipUsages,
  type ClipUsage,
  type GeneratedRelease,
} from './generated-catalogue.js';
import { GeneratedSpotify } from './generated-spotify.js';
import { definitionChangeDay } from './generated-videos.js';
import { GeneratedYouTube } from './generated-youtube.js';
import type { World } from './world.js';

export interface GenerateOptions {
  seed: number;
  /** ISO day of the first start. Releases and planted truths lie before it; the same one gives the same past. */
  anchorDay: string;
  /** ISO day that the history reaches; the anchor day by default. Counters go on past it with the clock. */
  extendTo?: string;
  /** Older uploads beside the 24 releases, for paging and for throughput. */
  backCatalogue?: number;
}

/** A change of what a platform counts, as the team would note it. */
export interface DefinitionChange {
  platform: 'youtube';
  metric: string;
  /** ISO day. */
  validFrom: string;
  definition: string;
  breaksSeries: boolean;
}

export interface WorldAnnotation {
  at: Date;
  platform: 'youtube' | null;
  /** Null speaks of the whole artist. */
  release: GeneratedRelease | null;
  text: string;
}

export interface GeneratedWorld extends World {
  readonly kind: 'generated';
  readonly seed: number;
  readonly anchorDay: string;
  /** First and last ISO day of the history. */
  readonly firstDay: string;
  readonly lastDay: string;
  readonly artistName: string;
  readonly releases: readonly GeneratedRelease[];
  readonly clipUsages: readonly ClipUsage[];
  readonly definitionChanges: readonly DefinitionChange[];
  readonly annotations: readonly WorldAnnotation[];
  readonly youtube: GeneratedYouTube;
  readonly spotify: GeneratedSpotify;
}

/**
 * A year of one artist's releases on YouTube and Spotify. The same seed and anchor day give the same world;
 * extending it changes no day of its past.
 */
export function generateWorld(options: GenerateOptions): GeneratedWorld {
  const { seed, anchorDay } = options;
  const releases = catalogue(seed, anchorDay);
  const redefined = definitionChangeDay(anchorDay);
  const lastDay = Math.max(dayNumber(anchorDay), dayNumber(options.extendTo ?? anchorDay));
  return {
    kind: 'generated',
    seed,
    anchorDay,
    firstDay: releases[0]!.releasedOn,
    lastDay: dayText(lastDay),
    artistName,
    releases,
    clipUsages: clipUsages(seed, releases),
    definitionChanges: [
      {
        platform: 'youtube',
        metric: 'views',
        validFrom: dayText(redefined),
        definition: 'Counted when playback starts; what was counted before goes on as engaged views.',
        breaksSeries: true,
      },
    ],
    annotations: [
      {
        at: new Date(`${dayText(redefined)}T00:00:00Z`),
        platform: 'youtube',
        release: null,
        text: 'YouTube counts a view when playback starts',
      },
    ],
    youtube: new GeneratedYouTube(seed, anchorDay, releases, options.backCatalogue ?? 0),
    spotify: new GeneratedSpotify(seed, anchorDay, releases),
  };
}
