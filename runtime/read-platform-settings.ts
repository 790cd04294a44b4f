/** Reads what is set for single platforms. */
import { platformOverridesSchema, type PlatformOverrides } from './platform-settings.js';
import type { SettingsProblem } from './read-settings.js';
import type { Settings } from './settings.js';

/** Overrides by platform, as JSON: what `platforms` is in a file. */
export const platformsVariable = 'PLATFORM_SETTINGS';

/** Those of the environment go before those of the file; what is wrong with either is added to the problems. */
export function readPlatforms(
  file: { told: unknown; fileName: string },
  text: string | undefined,
  problems: SettingsProblem[],
): PlatformOverrides {
  const fromFile = parsePlatforms(file.told ?? {}, 'platforms', file.fileName, problems);
  if (text === undefined) return fromFile;
  let told: unknown;
  try {
    told = JSON.parse(text);
  } catch {
    problems.push({
      name: platformsVariable,
      origin: 'environment',
      problem: 'it is no JSON',
      mend: 'Write {"youtube": {"update_frequency_minutes": 60}}',
    });
    return fromFile;
  }
  const fromEnvironment = parsePlatforms(told, platformsVariable, 'environment', problems);
  const merged: PlatformOverrides = { ...fromFile };
  for (const [name, override] of Object.entries(fromEnvironment)) {
    const platform = name as keyof PlatformOverrides;
    merged[platform] = { ...merged[platform], ...override };
  }
  return merged;
}

function parsePlatforms(
  value: unknown,
  name: string,
  origin: string,
  problems: SettingsProblem[],
): PlatformOverrides {
  const parsed = platformOverridesSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) {
    problems.push({
      name: [name, ...issue.path].join('.'),
      origin,
      problem: issue.message,
      mend: 'The README lists what can be set by platform',
    });
  }
  return {};
}

/** Thresholds of a platform that make no sense together, or with the general one that stands beside them. */
export function platformDisagreements(
  platforms: PlatformOverrides,
  general: Pick<Settings, 'LOW_PERFORMANCE_THRESHOLD' | 'HIGH_PERFORMANCE_THRESHOLD'>,
): SettingsProblem[] {
  return Object.entries(platforms).flatMap(([platform, own]) => {
    const { low_performance_threshold: low, high_performance_threshold: high } = own;
    if (low === undefined && high === undefined) return [];
    if ((low ?? general.LOW_PERFORMANCE_THRESHOLD) < (high ?? general.HIGH_PERFORMANCE_THRESHOLD)) return [];
    const isLow = low !== undefined;
    return {
      name: `${platform}.${isLow ? 'low' : 'high'}_performance_threshold`,
      origin: 'platform settings',
      problem: isLow ? 'it is not below the high one' : 'it is not above the low one',
      mend: 'Lower the one or raise the other',
    };
  });
}
