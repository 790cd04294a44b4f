/**
 * Every setting, once: its name is the environment variable, the key in a configuration file and the property
 * of the configuration.
 */
import type { z } from 'zod';
import type { SettingKind } from './setting-kinds.js';
import { analysisSettings } from './settings/analysis.js';
import { collectionSettings } from './settings/collection.js';
import type { Setting } from './settings/declaration.js';
import { foundationSettings } from './settings/foundations.js';
import { siteSettings } from './settings/site.js';
import { upkeepSettings } from './settings/upkeep.js';

/** In the order in which they are listed. */
export const settings = {
  ...foundationSettings,
  ...collectionSettings,
  ...analysisSettings,
  ...siteSettings,
  ...upkeepSettings,
} as const;

export type SettingName = keyof typeof settings;
export const settingNames = Object.keys(settings) as SettingName[];

type ValueOf<S> = S extends { kind: SettingKind<infer T>; fallback: infer F }
  ? null extends F
    ? T | null
    : T
  : never;

export type Settings = { readonly [Name in SettingName]: ValueOf<(typeof settings)[Name]> };

/** The same table without the types of single settings, for code that walks over all of them. */
export function settingOf(name: SettingName): Setting<unknown> & { kind: { schema: z.ZodType } } {
  return settings[name];
}
