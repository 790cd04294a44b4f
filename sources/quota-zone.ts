import { pacific } from './youtube/settings.js';

/** The zone at whose midnight a platform's quota day ends; UTC for one without a quota that is known. */
export function quotaZoneOf(platform: string): string {
  return platform === 'youtube' ? pacific : 'UTC';
}
