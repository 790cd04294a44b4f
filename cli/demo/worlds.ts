/** The two worlds that the main job can run over: a generated one, and recordings. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { dayOf } from '../../analytics/calendar.js';
import { sandboxCredentials } from '../../sandbox/credentials.js';
import { generateWorld, type GeneratedWorld } from '../../sandbox/generated-world.js';
import { answersOf, type WorldAnswers } from '../../sandbox/world-answers.js';
import { readRecordedWorld, type RecordedWorld } from '../../sandbox/recorded-world.js';
import { exitCodes } from '../exit-codes.js';
import { CommandError } from '../command-error.js';

const defaultSeed = 20_260;
/** Bangkok's midnight after the last recorded day: that day is over, and nothing after it is known. */
const recordedNow = '2026-08-23T17:00:00Z';

interface GeneratedDemo {
  kind: 'generated';
  world: GeneratedWorld;
}
interface RecordedDemo {
  kind: 'recorded';
  world: RecordedWorld;
  dataDirectory: string;
}
export type DemoWorld = GeneratedDemo | RecordedDemo;

/**
 * The generated world keeps the day of its first start, so that a later start finds the same past and only
 * goes on from it.
 */
export async function openWorld(stateDirectory: string, dataDirectory: string | null): Promise<DemoWorld> {
  if (dataDirectory !== null) {
    if (!existsSync(path.join(dataDirectory, 'youtube', 'video-daily', 'daily_stats.csv')))
      throw new CommandError(
        `There are no recordings in ${dataDirectory}: youtube/video-daily/daily_stats.csv is missing.`,
        exitCodes.notFound,
        'Give the folder that holds the folders “youtube” and “spotify”.',
      );
    return { kind: 'recorded', world: await readRecordedWorld(dataDirectory), dataDirectory };
  }
  const { seed, anchorDay } = await anchorOf(stateDirectory);
  const today = new Date().toISOString().slice(0, 10);
  const world = generateWorld({ seed, anchorDay, extendTo: today < anchorDay ? anchorDay : today });
  // What was planted, for whoever checks what was found.
  await writeFile(answersFile(stateDirectory), `${JSON.stringify(answersOf(world), null, 2)}\n`);
  return { kind: 'generated', world };
}

const answersFile = (stateDirectory: string): string => path.join(stateDirectory, 'answers.json');

/** What was planted in the generated world of a state directory; null where none was made. */
export async function readAnswers(stateDirectory: string): Promise<WorldAnswers | null> {
  const file = answersFile(stateDirectory);
  // Written by `openWorld` alone, from this very type.
  return existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as WorldAnswers) : null;
}

const anchorSchema = z.object({ seed: z.number().int(), anchorDay: z.iso.date() });

async function anchorOf(stateDirectory: string): Promise<z.infer<typeof anchorSchema>> {
  const file = path.join(stateDirectory, 'world.json');
  if (existsSync(file)) return anchorSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  const anchor = { seed: defaultSeed, anchorDay: new Date().toISOString().slice(0, 10) };
  await mkdir(stateDirectory, { recursive: true });
  await writeFile(file, `${JSON.stringify(anchor)}\n`);
  return anchor;
}

/** Bangkok is where the recordings' collector stood; its days end at that city's midnight. */
export const recordedZone = 'Asia/Bangkok';

/** Every recorded day, and the moments on it as a plan takes them. */
export function recordedMomentsByDay(world: RecordedWorld): Map<string, string[]> {
  const byDay = new Map<string, string[]>();
  for (const { at } of world.moments) {
    const day = dayOf(new Date(at), recordedZone);
    byDay.set(day, [...(byDay.get(day) ?? []), new Date(at).toISOString()]);
  }
  return byDay;
}

/** Settings under which the program collects from the sandbox instead of from the platforms. */
export function settingsOf(world: DemoWorld, sandboxUrl: string): Record<string, string> {
  const google = sandboxCredentials.google;
  const spotify =
    world.kind === 'generated' ? sandboxCredentials.spotifyExtended : sandboxCredentials.spotify;
  return {
    YOUTUBE_API_KEY: google.apiKey,
    YOUTUBE_ROOT_URL: `${sandboxUrl}/at/{at}/google`,
    YOUTUBE_ANALYTICS_ROOT_URL: `${sandboxUrl}/at/{at}/google`,
    YOUTUBE_TOKEN_URL: `${sandboxUrl}/google/token`,
    SPOTIFY_CLIENT_ID: spotify.clientId,
    SPOTIFY_CLIENT_SECRET: spotify.clientSecret,
    SPOTIFY_API_URL: `${sandboxUrl}/at/{at}/spotify/v1`,
    SPOTIFY_ACCOUNTS_URL: `${sandboxUrl}/spotify`,
    // A grant for the owner's daily reports exists in the generated world alone.
    ...(world.kind === 'generated'
      ? {
          YOUTUBE_CLIENT_ID: google.clientId,
          YOUTUBE_CLIENT_SECRET: google.clientSecret,
          YOUTUBE_REFRESH_TOKEN: google.refreshToken,
        }
      : {
          TIDEMARK_CLOCK: recordedNow,
          SCHEDULES_PAUSED: 'true',
          ENGAGEMENT_DATA_RETENTION_DAYS: '0',
        }),
  };
}
