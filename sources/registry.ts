import type { Source } from './source.js';
import type { SpotifySettings } from './spotify/settings.js';
import { SpotifySource } from './spotify/source.js';
import type { YoutubeSettings } from './youtube/settings.js';
import { YoutubeSource } from './youtube/source.js';

/** Adding a platform is adding a folder, its settings here, and a case below. */
export type SourceSettings = YoutubeSettings | SpotifySettings;

/** The platforms that statistics can be collected from; the others take values by import, push or hand. */
export const collectedPlatforms: readonly SourceSettings['platform'][] = ['youtube', 'spotify'];

/**
 * The source of a platform under one credential. Keep it: it remembers its token and what it is granted.
 * @throws RangeError for settings that cannot work
 */
export function createSource(settings: SourceSettings): Source {
  switch (settings.platform) {
    case 'youtube':
      return new YoutubeSource(settings);
    case 'spotify':
      return new SpotifySource(settings);
  }
}
