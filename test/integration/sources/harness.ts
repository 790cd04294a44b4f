/** A sandbox over a small world, a gate that writes down what it was asked, and contexts to call with. */
import { onTestFinished } from 'vitest';
import { sandboxCredentials } from '../../../sandbox/credentials.js';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../../sandbox/server.js';
import type { QuotaGate } from '../../../contracts/ports.js';
import { SourceError, type SourceErrorKind } from '../../../sources/errors.js';
import { createSource } from '../../../sources/registry.js';
import type { Source, SourceContext } from '../../../sources/source.js';
import type { SpotifySettings } from '../../../sources/spotify/settings.js';
import type { YoutubeSettings } from '../../../sources/youtube/settings.js';
import { artistId, channelId, smallWorld, type SmallWorld } from './small-world.js';

export const testNow = new Date('2026-02-01T12:00:00Z');

export async function sandboxOver(
  world: SmallWorld,
  options: Partial<SandboxOptions> = {},
): Promise<Sandbox> {
  const sandbox = await startSandbox({ world: smallWorld(world), clock: () => testNow, ...options });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

export function youtubeOf(sandbox: Sandbox, settings: Partial<YoutubeSettings> = {}): Source {
  const { clientId, clientSecret, refreshToken } = sandboxCredentials.google;
  return createSource({
    platform: 'youtube',
    rootUrl: `${sandbox.url}/google/`,
    analyticsRootUrl: null,
    tokenUrl: `${sandbox.url}/google/token`,
    apiKey: null,
    oauth: { clientId, clientSecret, refreshToken },
    channelId,
    ...settings,
  });
}

/** The same at any moment. */
export function pastYoutubeOf(sandbox: Sandbox): Source {
  return youtubeOf(sandbox, { rootUrl: `${sandbox.url}/at/{at}/google/` });
}

export function spotifyOf(
  sandbox: Sandbox,
  mode: 'development' | 'extended',
  settings: Partial<SpotifySettings> = {},
): Source {
  return createSource({
    platform: 'spotify',
    ...(mode === 'extended' ? sandboxCredentials.spotifyExtended : sandboxCredentials.spotify),
    apiUrl: `${sandbox.url}/spotify/v1`,
    accountsUrl: `${sandbox.url}/spotify`,
    artistId,
    ...settings,
  });
}

export interface Called {
  context: SourceContext;
  warnings: string[];
  reserved: string[];
  exhausted: { bucket: string; resetsAt: Date }[];
  abort: (reason: Error) => void;
}

export function called(options: { deadlineMs?: number; now?: Date; gate?: QuotaGate } = {}): Called {
  const warnings: string[] = [];
  const reserved: string[] = [];
  const exhausted: Called['exhausted'] = [];
  const controller = new AbortController();
  const gate: QuotaGate = {
    reserve: async (bucket, units) => {
      await options.gate?.reserve(bucket, units);
      reserved.push(bucket);
    },
    exhausted: (bucket, resetsAt) => {
      exhausted.push({ bucket, resetsAt });
      return Promise.resolve();
    },
  };
  const context: SourceContext = {
    quota: gate,
    signal: controller.signal,
    clock: { now: () => options.now ?? testNow },
    deadlineMs: options.deadlineMs ?? 15_000,
    onWarning: (warning) => warnings.push(warning),
  };
  return { context, warnings, reserved, exhausted, abort: (reason) => controller.abort(reason) };
}

/** Short where an answer never comes; otherwise long enough for a machine that is busy with other tests. */
export function deadlineFor(fault: { kind: string }): { deadlineMs: number } {
  return { deadlineMs: fault.kind === 'hang' || fault.kind === 'drip' ? 400 : 15_000 };
}

export async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

export interface Failed<T> {
  error: SourceError;
  kind: SourceErrorKind;
  /** What came before the failure. */
  yielded: T[];
}

/** Reads until it fails. @throws when it does not fail, or with anything but a source's error */
export async function failure<T>(items: AsyncIterable<T>): Promise<Failed<T>> {
  const yielded: T[] = [];
  try {
    for await (const item of items) yielded.push(item);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { error, kind: error.kind, yielded };
  }
  throw new Error('It was answered, and should have failed');
}
