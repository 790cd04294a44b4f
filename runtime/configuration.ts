/** The configuration of an environment: the settings by their names, and what differs by platform. */
import { parsePlatform, platforms } from '../contracts/vocabulary.js';
import { platformDefaults, type PlatformConfig, type PlatformOverrides } from './platform-settings.js';
import { readSettings, type Origin } from './read-settings.js';
import { redactConnectionString } from './sanitise.js';
import { redacted, Secret } from './secret.js';
import { settingNames, settingOf, type SettingName, type Settings } from './settings.js';

export interface ShownSetting {
  name: SettingName;
  group: string;
  /** As it would be written in an environment file; secrets are not shown, and null is not set. */
  value: string | null;
  origin: Origin;
}

/** Gives the settings to a class as its own properties, so that an extension can override one by a field. */
// eslint-disable-next-line @typescript-eslint/no-extraneous-class -- its properties come from the table
const SettingsHolder = class {
  constructor(values: Settings) {
    Object.assign(this, values);
  }
} as unknown as new (values: Settings) => Settings;

/**
 * Settings in order of strength: a field of an extending class, the environment, the file that
 * TIDEMARK_CONFIG names, `overrides` of the class, the defaults.
 *
 * @example class StudioConfig extends ProductionConfig { override readonly CACHE_TTL_SECONDS = 60; }
 */
export class AnalyticsConfig extends SettingsHolder {
  static readonly overrides: Partial<Settings> = {};
  static readonly required: readonly SettingName[] = [];
  readonly #origins: Readonly<Record<SettingName, Origin>>;
  readonly #platforms: PlatformOverrides;

  /** @throws ConfigurationError listing every problem at once. */
  constructor(environment: NodeJS.ProcessEnv = process.env) {
    const { overrides, required } = new.target;
    const { values, origins, platforms } = readSettings({ environment, overrides, required });
    super(values);
    this.#origins = origins;
    this.#platforms = platforms;
  }

  /**
   * What holds for one platform: its own defaults, the general settings, and the overrides for it.
   * @param told in any case; `x` is twitter.
   * @throws RangeError for a platform that is none
   */
  getPlatformConfig(told: string): PlatformConfig {
    const platform = parsePlatform(told);
    if (platform === null)
      throw new RangeError(`There is no platform «${told}»: it is one of ${platforms.join(', ')}.`);
    const general: PlatformConfig = {
      ...platformDefaults[platform],
      cache_ttl_seconds: this.CACHE_TTL_SECONDS,
      min_data_points_for_analysis: this.MIN_DATA_POINTS_FOR_ANALYSIS,
      correlation_significance_threshold: this.CORRELATION_SIGNIFICANCE_THRESHOLD,
      low_performance_threshold: this.LOW_PERFORMANCE_THRESHOLD,
      high_performance_threshold: this.HIGH_PERFORMANCE_THRESHOLD,
      retention_days: this.ENGAGEMENT_DATA_RETENTION_DAYS,
    };
    const own = Object.entries(this.#platforms[platform] ?? {}).filter(([, value]) => value !== undefined);
    return { ...general, ...(Object.fromEntries(own) as Partial<PlatformConfig>) };
  }

  /** Every setting with where its value comes from, for a person to look at. */
  show(): ShownSetting[] {
    return settingNames.map((name) => ({
      name,
      group: settingOf(name).group,
      value: shown(name, this[name]),
      origin: this.#origins[name],
    }));
  }
}

function shown(name: SettingName, value: unknown): string | null {
  if (value === null) return null;
  if (value instanceof Secret) {
    return name.startsWith('DATABASE_') ? redactConnectionString(value.reveal()) : redacted;
  }
  return settingOf(name).kind.write(value);
}

/** One machine: what is not told is started. */
export class DevelopmentConfig extends AnalyticsConfig {
  static override readonly overrides: Partial<Settings> = { TIDEMARK_ENV: 'development' };
}

/** The servers are somebody else's, so their addresses have to be told. */
export class ProductionConfig extends AnalyticsConfig {
  static override readonly overrides: Partial<Settings> = { TIDEMARK_ENV: 'production' };
  static override readonly required: readonly SettingName[] = ['DATABASE_URL', 'TEMPORAL_ADDRESS'];
}

export type EnvironmentName = Settings['TIDEMARK_ENV'];

/** @throws ConfigurationError listing every problem at once. */
export function getConfigForEnvironment(
  name: EnvironmentName,
  environment: NodeJS.ProcessEnv = process.env,
): AnalyticsConfig {
  const named = { ...environment, TIDEMARK_ENV: name };
  return name === 'production' ? new ProductionConfig(named) : new DevelopmentConfig(named);
}

/** The configuration that TIDEMARK_ENV asks for. */
export function loadConfiguration(environment: NodeJS.ProcessEnv = process.env): AnalyticsConfig {
  const { TIDEMARK_ENV: name } = new AnalyticsConfig(environment);
  return getConfigForEnvironment(name, environment);
}

/** `getPlatformConfig(platform)` of the configuration at hand, as a function of its own. */
export function getPlatformConfig(
  platform: string,
  config: AnalyticsConfig = loadConfiguration(),
): PlatformConfig {
  return config.getPlatformConfig(platform);
}
