/** What a command works with: the configuration of the world at hand, and connections opened when asked for. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import type { Pool } from 'pg';
import { createClock } from '../runtime/clock.js';
import { loadConfiguration, type AnalyticsConfig } from '../runtime/configuration.js';
import { withEnvFile } from '../runtime/env-file.js';
import { createLog, type Log } from '../runtime/logger.js';
import { assertReachable, createPool } from '../runtime/pool.js';
import { environmentOfWorld, findWorlds, type FoundWorld } from '../runtime/state.js';
import type { TemporalClient } from '../runtime/temporal-connection.js';
import type { Clock } from '../contracts/ports.js';
import type { BackfillDeps } from '../operations/backfills.js';
import type { OperatorRunStarter } from '../operations/run-starter.js';
import type { UiAddress } from '../operations/links.js';
import { exitCodes } from './exit-codes.js';
import { CommandError } from './command-error.js';
import { Output } from './output.js';

export const projectRoot = fileURLToPath(new URL('..', import.meta.url));

export interface GlobalOptions {
  json?: boolean;
  quiet?: boolean;
  stateDirectory?: string;
}

export class Session {
  readonly output: Output;
  readonly configuration: AnalyticsConfig;
  readonly log: Log;
  readonly clock: Clock;
  readonly environment: NodeJS.ProcessEnv;
  #pool: Promise<Pool> | null = null;
  #temporal: Promise<TemporalClient> | null = null;

  constructor(environment: NodeJS.ProcessEnv, output: Output, log: 'warnings' | 'configured' = 'warnings') {
    this.environment = environment;
    this.output = output;
    this.configuration = loadConfiguration(environment);
    const { LOG_LEVEL, LOG_LEVELS, LOG_FILE } = this.configuration;
    // Whoever types a command wants its output; a process that serves wants the log that it was configured for.
    const level = log === 'configured' || environment['LOG_LEVEL'] !== undefined ? LOG_LEVEL : 'warn';
    this.log = createLog({ LOG_LEVEL: level, LOG_LEVELS, LOG_FILE });
    this.clock = createClock(this.configuration.TIDEMARK_CLOCK);
  }

  get databaseUrl(): string {
    const url = this.configuration.DATABASE_URL;
    if (url === null)
      throw new CommandError(
        'No database is configured and none runs here.',
        exitCodes.unreachable,
        'Start the servers with “tidemark up”, or set DATABASE_URL.',
      );
    return url.reveal();
  }

  get ui(): UiAddress {
    return {
      uiUrl: this.configuration.TEMPORAL_UI_URL ?? 'http://localhost:8233',
      namespace: this.configuration.TEMPORAL_NAMESPACE,
    };
  }

  /** @throws UnreachableError */
  pool(): Promise<Pool> {
    this.#pool ??= this.#openPool();
    return this.#pool;
  }

  /** @throws UnreachableError */
  temporal(): Promise<TemporalClient> {
    this.#temporal ??= this.#connectTemporal();
    return this.#temporal;
  }

  async starter(): Promise<OperatorRunStarter> {
    const { createRunStarter } = await import('../operations/run-starter.js');
    const [{ client }, pool] = await Promise.all([this.temporal(), this.pool()]);
    return createRunStarter({ client, pool, ui: this.ui, queuePrefix: '' });
  }

  async backfills(): Promise<BackfillDeps> {
    const { createSourceFor } = await import('../sources/configured-sources.js');
    const [pool, { client }, starter] = await Promise.all([this.pool(), this.temporal(), this.starter()]);
    return { pool, client, starter, clock: this.clock, sourceFor: createSourceFor(this.configuration) };
  }

  async close(): Promise<void> {
    const [pool, temporal] = await Promise.allSettled([this.#pool, this.#temporal]);
    if (pool.status === 'fulfilled') await pool.value?.end();
    if (temporal.status === 'fulfilled') await temporal.value?.close();
  }

  // Only the commands that need Temporal or a platform pay for loading their clients.
  async #connectTemporal(): Promise<TemporalClient> {
    const { connectTemporal, temporalTarget } = await import('../runtime/temporal-connection.js');
    return connectTemporal(temporalTarget(this.configuration, null));
  }

  async #openPool(): Promise<Pool> {
    const url = this.databaseUrl;
    const pool = createPool({
      url,
      settings: this.configuration,
      logger: this.log.component('database'),
      applicationName: 'tidemark cli',
    });
    try {
      await assertReachable(pool, url);
      return pool;
    } catch (error) {
      await pool.end();
      throw error;
    }
  }
}

export function outputOf(command: Command): Output {
  const { json = false, quiet = false } = command.optsWithGlobals<GlobalOptions>();
  return new Output({ json, quiet });
}

/** The shell's variables, then those of `.env`. One that is empty is not set, and must not hide a world's own. */
export function baseEnvironment(): NodeJS.ProcessEnv {
  const environment = withEnvFile(process.env, path.join(projectRoot, '.env'));
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
}

/**
 * The environment of the world that the command speaks to: what is set in the shell or in `.env` first, then
 * the world that runs out of the state directory, unless the former names other servers.
 */
export async function environmentAtHand(command: Command): Promise<NodeJS.ProcessEnv> {
  const own = baseEnvironment();
  const { stateDirectory } = command.optsWithGlobals<GlobalOptions>();
  const base = stateDirectory ?? own['TIDEMARK_STATE_DIRECTORY'] ?? path.join(projectRoot, '.tidemark');
  const worlds = await findWorlds(base);
  const world = chooseWorld(worlds);
  if (world === null || speaksOfAnother(own, world)) return own;
  return { ...(await environmentOfWorld(world)), ...own };
}

/**
 * Whoever names a server that the world runs itself means other servers altogether; the world's settings (its
 * clock, its stand-ins of the platforms) must not reach those.
 */
function speaksOfAnother(own: NodeJS.ProcessEnv, { state }: FoundWorld): boolean {
  return (
    (state.postgres !== null && own['DATABASE_URL'] !== undefined) ||
    (state.temporal !== null && own['TEMPORAL_ADDRESS'] !== undefined)
  );
}

/** The world that is up; of several, the generated one, which stands first. */
function chooseWorld(worlds: readonly FoundWorld[]): FoundWorld | null {
  return worlds.find(({ supervisorPid }) => supervisorPid !== null) ?? null;
}

/** Runs a command's body with a session and closes the session whatever happens. */
export async function withSession<Result>(
  command: Command,
  body: (session: Session) => Promise<Result>,
  log: 'warnings' | 'configured' = 'warnings',
): Promise<Result> {
  const session = new Session(await environmentAtHand(command), outputOf(command), log);
  try {
    return await body(session);
  } finally {
    await session.close();
  }
}
