/** What runs out of a state directory, written for the other commands to read. */
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { exportsOf } from './export-directory.js';
import { commandLineOf, isProcessOf } from './processes.js';

const stateSchema = z.object({
  version: z.literal(1),
  /** What is loaded: `generated`, or the folder of the recordings. */
  world: z.string(),
  startedAt: z.iso.datetime(),
  supervisorPid: z.number().int(),
  /** Null where DATABASE_URL named another. */
  postgres: z.object({ pid: z.number().int(), port: z.number().int(), database: z.string() }).nullable(),
  /** Null where TEMPORAL_ADDRESS named another. */
  temporal: z
    .object({ pid: z.number().int(), address: z.string(), namespace: z.string(), uiUrl: z.string() })
    .nullable(),
  /** Processes of the program's own, by name: sandbox, worker. */
  children: z.record(z.string(), z.number().int()),
  /** Settings (never secrets) under which this world runs, such as TIDEMARK_CLOCK and the sandbox's addresses. */
  settings: z.record(z.string(), z.string()),
});
export type WorldState = z.infer<typeof stateSchema>;

const stateFile = 'state.json';
const lockFile = 'supervisor.lock';

/** Two supervisors must not share a state directory. */
export class AlreadyRunningError extends Error {
  override readonly name = 'AlreadyRunningError';

  constructor(
    readonly directory: string,
    readonly pid: number,
  ) {
    super(`Tidemark runs already out of ${directory} (process ${pid}). Stop it with \`tidemark down\`.`);
  }
}

/** The state directory of a world: the base itself for the generated one, a folder in it for recordings. */
export function stateDirectoryOf(base: string, dataDirectory: string | null): string {
  if (dataDirectory === null) return resolve(base);
  const path = resolve(dataDirectory);
  const key = createHash('sha256').update(path).digest('hex').slice(0, 8);
  return join(resolve(base), `${basename(path)}-${key}`);
}

/**
 * Makes the directory and takes its lock; a lock whose holder has died is taken over.
 *
 * @returns what gives the lock back.
 * @throws AlreadyRunningError while another supervisor lives.
 */
export async function lockStateDirectory(directory: string): Promise<() => Promise<void>> {
  await mkdir(directory, { recursive: true });
  const file = join(directory, lockFile);
  const content = JSON.stringify({ pid: process.pid, command: commandLineOf(process.pid) });
  for (;;) {
    try {
      await writeFile(file, content, { flag: 'wx' });
      return () => rm(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = readHolder(directory);
    if (holder !== null) throw new AlreadyRunningError(directory, holder);
    await rm(file, { force: true });
  }
}

const holderSchema = z.object({ pid: z.number().int(), command: z.string().nullable() });

/** The process id of the supervisor that lives in a directory; ids are reused, so its command line is compared. */
export function readHolder(directory: string): number | null {
  try {
    const holder = holderSchema.parse(JSON.parse(readFileSync(join(directory, lockFile), 'utf8')));
    return isProcessOf(holder.pid, holder.command ?? '') ? holder.pid : null;
  } catch {
    return null;
  }
}

/** Writes the state whole or not at all, readable by its owner alone. */
export async function writeState(directory: string, state: WorldState): Promise<void> {
  const partial = join(directory, `${stateFile}.${process.pid}`);
  await writeFile(partial, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  await rename(partial, join(directory, stateFile));
}

export async function removeState(directory: string): Promise<void> {
  await rm(join(directory, stateFile), { force: true });
}

/** The state of a directory, or null where there is none that can be read. */
export async function readState(directory: string): Promise<WorldState | null> {
  try {
    const parsed = stateSchema.safeParse(JSON.parse(await readFile(join(directory, stateFile), 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

export interface FoundWorld {
  directory: string;
  state: WorldState;
  /** Null: its supervisor has died, and its servers may live on. */
  supervisorPid: number | null;
}

/** The worlds under a base directory that were started and not stopped: the generated one first. */
export async function findWorlds(base: string): Promise<FoundWorld[]> {
  const root = resolve(base);
  const entries = existsSync(root) ? await readdir(root, { withFileTypes: true }) : [];
  const directories = entries.filter((entry) => entry.isDirectory()).map((entry) => join(root, entry.name));
  const found: FoundWorld[] = [];
  for (const directory of [root, ...directories.sort()]) {
    const state = await readState(directory);
    if (state !== null) found.push({ directory, state, supervisorPid: readHolder(directory) });
  }
  return found;
}

/**
 * The variables under which another command reaches a running world; layered below its own environment, the
 * configuration does the rest.
 */
export async function environmentOfWorld({ directory, state }: FoundWorld): Promise<NodeJS.ProcessEnv> {
  const environment: NodeJS.ProcessEnv = { EXPORT_DIRECTORY: exportsOf(directory), ...state.settings };
  if (state.postgres !== null) {
    const password = (await readFile(join(directory, 'postgres.password'), 'utf8')).trim();
    const { port, database } = state.postgres;
    environment['DATABASE_URL'] = `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;
  }
  if (state.temporal !== null) {
    environment['TEMPORAL_ADDRESS'] = state.temporal.address;
    environment['TEMPORAL_NAMESPACE'] = state.temporal.namespace;
    environment['TEMPORAL_UI_URL'] = state.temporal.uiUrl;
  }
  return environment;
}
