/** Starts everything that a world runs on, in order, and hands each piece to the supervisor that stops it. */
import path from 'node:path';
import type { Announce } from '../../runtime/announce.js';
import { startChild } from '../../runtime/child-process.js';
import { loadConfiguration } from '../../runtime/configuration.js';
import { choosePort } from '../../runtime/ports.js';
import { startPostgres } from '../../runtime/postgres-server.js';
import {
  environmentOfWorld,
  lockStateDirectory,
  removeState,
  stateDirectoryOf,
  writeState,
  type WorldState,
} from '../../runtime/state.js';
import type { Service, Supervisor } from '../../runtime/supervisor.js';
import { findTemporalBinary } from '../../runtime/temporal-binary.js';
import { startTemporal } from '../../runtime/temporal-server.js';
import { applySchedules } from '../../operations/schedules.js';
import { startSandbox, type Sandbox } from '../../sandbox/server.js';
import { migrate } from '../../store/migrate.js';
import { worldVariable } from '../commands/serve.js';
import type { Output } from '../output.js';
import { scheduleSettingsOf } from '../schedule-settings.js';
import { projectRoot, Session } from '../session.js';
import { seedWorld } from './seed.js';
import { openWorld, settingsOf, type DemoWorld } from './worlds.js';

export interface BringUpOptions {
  /** Where state is kept; a world of recordings has a folder of its own in it. */
  stateBase: string;
  dataDirectory: string | null;
  environment: NodeJS.ProcessEnv;
  output: Output;
}

export interface RunningWorld {
  demo: DemoWorld;
  session: Session;
  stateDirectory: string;
  sandbox: Pick<Sandbox, 'url' | 'faults'>;
  /** False when the state was there already. */
  firstStart: boolean;
  /** Root of the site, without a slash at its end. */
  siteUrl: string;
}

/**
 * Servers, schema, sandbox, what the team knows, worker, schedules. What has started when a step fails or a
 * signal comes is the supervisor's to stop.
 *
 * @throws AlreadyRunningError, ServerStartError, UnreachableError, ConfigurationError, InterruptedError
 */
export async function bringUp(supervisor: Supervisor, options: BringUpOptions): Promise<RunningWorld> {
  const { output, dataDirectory, stateBase } = options;
  const announce: Announce = (line) => output.progress(line);
  const stateDirectory = stateDirectoryOf(stateBase, dataDirectory);
  const unlock = await lockStateDirectory(stateDirectory);
  await supervisor.start('the state directory’s lock', () => Promise.resolve(asService(unlock)));
  const demo = await openWorld(stateDirectory, dataDirectory);

  const own = loadConfiguration(options.environment);
  const state: WorldState = {
    version: 1,
    world: dataDirectory === null ? 'generated' : path.resolve(dataDirectory),
    startedAt: new Date().toISOString(),
    supervisorPid: process.pid,
    postgres: null,
    temporal: null,
    children: {},
    settings: {},
  };
  // On record before anything runs and until nothing does: a supervisor that is killed in between leaves the
  // place where “tidemark down” and the next start find what it had started.
  const record = (): Promise<void> => writeState(stateDirectory, state);
  await supervisor.start('the record of what runs', async () => {
    await record();
    return asService(() => removeState(stateDirectory));
  });
  const [postgres, temporal] = await Promise.all([
    own.DATABASE_URL === null
      ? supervisor.start('Postgres', () =>
          startPostgres({ directory: stateDirectory, preferredPort: own.POSTGRES_PORT, announce }),
        )
      : null,
    own.TEMPORAL_ADDRESS === null
      ? supervisor.start('Temporal', () => startTemporalServer(stateDirectory, options, announce))
      : null,
  ]);

  const sandbox = await supervisor.start('the sandbox platforms', async () => {
    const started = await startSandbox({ world: demo.world, clock: () => session.clock.now() });
    return { ...started, stop: () => started.close() };
  });
  state.postgres = postgres && { pid: postgres.pid, port: postgres.port, database: 'tidemark' };
  state.temporal = temporal && {
    pid: temporal.pid,
    address: temporal.address,
    namespace: temporal.namespace,
    uiUrl: temporal.uiUrl,
  };
  state.settings = settingsOf(demo, sandbox.url);
  await record();
  const world = { directory: stateDirectory, state, supervisorPid: process.pid };
  const environment = { ...(await environmentOfWorld(world)), ...options.environment };
  const session: Session = new Session(environment, output);
  await supervisor.start('connections', () => Promise.resolve(asService(() => session.close())));

  await migrate({ databaseUrl: session.databaseUrl, logger: session.log.component('migrations') });
  const firstStart = await seedWorld(await session.pool(), demo);
  supervisor.throwIfInterrupted();

  await supervisor.start('the worker', () =>
    startChild({
      name: 'worker',
      args: [path.join(projectRoot, 'bin', 'tidemark.js'), 'worker'],
      env: { ...environment, TIDEMARK_STATE_DIRECTORY: stateDirectory },
      cwd: projectRoot,
      logFile: path.join(stateDirectory, 'worker.log'),
      readyMs: 60_000,
      drainMs: (session.configuration.WORKER_DRAIN_SECONDS + 5) * 1_000,
      announce,
      onStarted: async (pid) => {
        state.children['worker'] = pid;
        await record();
      },
    }),
  );
  const port = await choosePort(session.configuration.HTTP_PORT, 'the site', announce);
  state.settings['HTTP_PORT'] = String(port);
  await supervisor.start('the site', () =>
    startChild({
      name: 'site',
      args: [path.join(projectRoot, 'bin', 'tidemark.js'), 'serve'],
      env: {
        ...environment,
        TIDEMARK_STATE_DIRECTORY: stateDirectory,
        HTTP_PORT: String(port),
        [worldVariable]: demo.kind,
      },
      cwd: projectRoot,
      logFile: path.join(stateDirectory, 'site.log'),
      readyMs: 60_000,
      drainMs: 10_000,
      announce,
      onStarted: async (pid) => {
        state.children['site'] = pid;
        await record();
      },
    }),
  );
  const { client } = await session.temporal();
  const paused = session.configuration.SCHEDULES_PAUSED;
  await applySchedules(client, scheduleSettingsOf(session), () => ({
    paused,
    reason: paused ? 'Paused while recordings are replayed' : null,
  }));
  const host = session.configuration.HTTP_HOST;
  const siteUrl = `http://${host.includes(':') ? `[${host}]` : host}:${String(port)}`;
  return { demo, session, stateDirectory, sandbox, firstStart, siteUrl };
}

async function startTemporalServer(
  stateDirectory: string,
  options: BringUpOptions,
  announce: Announce,
): ReturnType<typeof startTemporal> {
  const configuration = loadConfiguration(options.environment);
  const binary = await findTemporalBinary({ environment: options.environment, announce });
  return startTemporal({
    directory: stateDirectory,
    binary: binary.path,
    namespace: configuration.TEMPORAL_NAMESPACE,
    preferredPort: configuration.TEMPORAL_PORT,
    preferredUiPort: configuration.TEMPORAL_UI_PORT,
    announce,
  });
}

function asService(stop: () => Promise<void>): Service {
  return { stop };
}
