/** Reads the settings from their layers and gathers every problem before complaining. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { PlatformOverrides } from './platform-settings.js';
import { platformDisagreements, platformsVariable, readPlatforms } from './read-platform-settings.js';
import { Secret } from './secret.js';
import { settingNames, settingOf, type SettingName, type Settings } from './settings.js';

/** Names a JSON file of settings: `{"CACHE_TTL_SECONDS": 60, "platforms": {"youtube": {…}}}`. */
export const fileVariable = 'TIDEMARK_CONFIG';

export type Origin = 'default' | 'class' | 'file' | 'environment';

export interface SettingsProblem {
  /** The environment variable, or the key in the file. */
  name: string;
  origin: string;
  problem: string;
  mend: string;
}

/** Everything that is wrong with the configuration, not the first thing alone. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(readonly problems: readonly SettingsProblem[]) {
    super(
      [
        problems.length === 1
          ? 'The configuration has a problem:'
          : `The configuration has ${problems.length} problems:`,
        ...problems.map(({ name, origin, problem, mend }) => `  ${name} (${origin}): ${problem}. ${mend}`),
      ].join('\n'),
    );
  }
}

export interface SettingsLayers {
  environment: NodeJS.ProcessEnv;
  /** Of the class: weaker than file and environment, stronger than the defaults. */
  overrides: Partial<Settings>;
  required: readonly SettingName[];
}

export interface SettingsReading {
  values: Settings;
  origins: Record<SettingName, Origin>;
  platforms: PlatformOverrides;
}

/** @throws ConfigurationError with every problem of every layer. */
export function readSettings({ environment, overrides, required }: SettingsLayers): SettingsReading {
  const problems: SettingsProblem[] = [];
  const fileName = presentIn(environment, fileVariable);
  const file = fileName === undefined ? {} : readFile(fileName, problems);
  const values: Partial<Record<SettingName, unknown>> = {};
  const origins: Partial<Record<SettingName, Origin>> = {};
  for (const name of settingNames) {
    const told = layered(name, environment, file, overrides);
    origins[name] = told.origin;
    values[name] = told.origin === 'class' || told.origin === 'default' ? told.value : null;
    if (told.origin !== 'file' && told.origin !== 'environment') continue;
    const { kind } = settingOf(name);
    const parsed = kind.schema.safeParse(told.value);
    if (parsed.success) values[name] = parsed.data;
    else {
      const from = told.origin === 'file' ? fileName! : 'environment';
      problems.push({
        name,
        origin: from,
        problem: fault(name, told.value),
        mend: `Give ${kind.expects}`,
      });
    }
  }
  const read = values as Settings;
  const platforms = readPlatforms(
    { told: file['platforms'], fileName: fileName ?? '' },
    presentIn(environment, platformsVariable),
    problems,
  );
  const faulty = new Set(problems.map(({ name }) => name));
  for (const name of required) {
    if (read[name] !== null || faulty.has(name)) continue;
    problems.push({
      name,
      origin: 'not set',
      problem: 'it is required in this environment',
      mend: `Give ${settingOf(name).kind.expects}`,
    });
  }
  problems.push(...disagreements(read, faulty));
  if (!faulty.has('LOW_PERFORMANCE_THRESHOLD') && !faulty.has('HIGH_PERFORMANCE_THRESHOLD'))
    problems.push(...platformDisagreements(platforms, read));
  if (problems.length > 0) throw new ConfigurationError(problems);
  return { values: read, origins: origins as Record<SettingName, Origin>, platforms };
}

function layered(
  name: SettingName,
  environment: NodeJS.ProcessEnv,
  file: Record<string, unknown>,
  overrides: Partial<Settings>,
): { origin: Origin; value: unknown } {
  const variable = presentIn(environment, name);
  if (variable !== undefined) return { origin: 'environment', value: variable };
  if (file[name] !== undefined && file[name] !== null) return { origin: 'file', value: file[name] };
  if (overrides[name] !== undefined) return { origin: 'class', value: overrides[name] };
  return { origin: 'default', value: settingOf(name).fallback };
}

/** An empty variable counts as one that is not set, as in every compose file. */
function presentIn(environment: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = environment[name]?.trim();
  return value === '' ? undefined : value;
}

function fault(name: SettingName, value: unknown): string {
  const { kind, fallback } = settingOf(name);
  const hidden = fallback instanceof Secret || isSecretKind(kind.schema);
  return hidden
    ? 'its value cannot be read'
    : `«${typeof value === 'string' ? value : JSON.stringify(value)}» does not fit`;
}

/** A secret's kind turns its text into a `Secret`, which a try with any address shows. */
function isSecretKind(schema: z.ZodType): boolean {
  const probe = schema.safeParse('postgres://probe@localhost/probe');
  return probe.success && probe.data instanceof Secret;
}

function readFile(path: string, problems: SettingsProblem[]): Record<string, unknown> {
  const complain = (name: string, problem: string, mend: string): void => {
    problems.push({ name, origin: path, problem, mend });
  };
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'it is no JSON' : 'it cannot be read';
    complain(fileVariable, reason, 'Name a readable JSON file');
    return {};
  }
  const parsed = z.record(z.string(), z.unknown()).safeParse(content);
  if (!parsed.success) {
    complain(fileVariable, 'it holds no object', 'Write {"SETTING": value, …}');
    return {};
  }
  const known = new Set<string>([...settingNames, 'platforms']);
  for (const name of Object.keys(parsed.data)) {
    if (!known.has(name)) complain(name, 'there is no such setting', 'Look it up in .env.example');
  }
  return parsed.data;
}

/** Settings that are well formed one by one and make no sense together. */
function disagreements(values: Settings, faulty: ReadonlySet<string>): SettingsProblem[] {
  const together: [names: readonly SettingName[], wrong: boolean, problem: string, mend: string][] = [
    [
      ['LOW_PERFORMANCE_THRESHOLD', 'HIGH_PERFORMANCE_THRESHOLD'],
      values.LOW_PERFORMANCE_THRESHOLD >= values.HIGH_PERFORMANCE_THRESHOLD,
      'it is not below HIGH_PERFORMANCE_THRESHOLD',
      'Lower the one or raise the other',
    ],
    [
      ['TEMPORAL_TLS_CLIENT_CERT_PATH', 'TEMPORAL_TLS_CLIENT_KEY_PATH'],
      (values.TEMPORAL_TLS_CLIENT_CERT_PATH === null) !== (values.TEMPORAL_TLS_CLIENT_KEY_PATH === null),
      'certificate and key come together',
      'Set TEMPORAL_TLS_CLIENT_KEY_PATH and this, or neither',
    ],
    [
      ['YOUTUBE_REFRESH_TOKEN', 'YOUTUBE_CLIENT_ID', 'YOUTUBE_CLIENT_SECRET'],
      values.YOUTUBE_REFRESH_TOKEN !== null &&
        (values.YOUTUBE_CLIENT_ID === null || values.YOUTUBE_CLIENT_SECRET === null),
      'a refresh token is of use with its client alone',
      'Set YOUTUBE_CLIENT_ID and YOUTUBE_CLIENT_SECRET too',
    ],
    [
      ['SPOTIFY_CLIENT_ID', 'SPOTIFY_CLIENT_SECRET'],
      (values.SPOTIFY_CLIENT_ID === null) !== (values.SPOTIFY_CLIENT_SECRET === null),
      'id and secret come together',
      'Set SPOTIFY_CLIENT_SECRET and this, or neither',
    ],
  ];
  return together
    .filter(([names, wrong]) => wrong && !names.some((name) => faulty.has(name)))
    .map(([names, , problem, mend]) => ({ name: names[0]!, origin: 'together', problem, mend }));
}
