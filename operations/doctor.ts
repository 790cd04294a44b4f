/** Checks of everything that the program stands on, each failed one with its mend. */
import { Connection, type Client } from '@temporalio/client';
import type { Pool } from 'pg';
import { searchAttributeTypes } from '../contracts/search-attributes.js';
import { prefixedQueue } from '../contracts/task-queues.js';
import type { Clock } from '../contracts/ports.js';
import type { Source } from '../sources/source.js';
import { listAccounts, type Account } from '../store/accounts.js';
import { migrationStatus } from '../store/migrate.js';
import { probeAccount, probeWords } from './check-account.js';
import { schedulesOutOfStep } from './schedules.js';
import type { ScheduleSettings } from './declared-schedules.js';

export interface Check {
  name: string;
  state: 'ok' | 'failed' | 'skipped';
  /** What was found. */
  found: string;
  /** What to do; null where nothing is to be done. */
  mend: string | null;
}

/** A check answers with what it found, or throws a `CheckFailure`, or whatever the thing itself throws. */
type Probe = () => Promise<string>;

export class CheckFailure extends Error {
  override readonly name = 'CheckFailure';

  constructor(
    found: string,
    readonly mend: string,
  ) {
    super(found);
  }
}

export interface DoctorDeps {
  /** Both throw what keeps them from connecting. */
  pool: () => Promise<Pool>;
  client: () => Promise<Client>;
  databaseUrl: string;
  namespace: string;
  queues: readonly string[];
  schedules: ScheduleSettings;
  clock: Clock;
  sourceFor: (account: Account) => Source;
}

const oldestNode: readonly [major: number, minor: number] = [20, 11];
const wantedRetentionDays = 7;
const dayMs = 86_400_000;

/** Runs every check; one that needs what another found broken is skipped. */
export async function examine(deps: DoctorDeps): Promise<Check[]> {
  const checks: Check[] = [
    await check('Node', () => Promise.resolve(nodeVersion()), 'Install Node 20.11 or later.'),
  ];
  const postgres = await check('Postgres', async () => answeringPostgres(await deps.pool()), mends.postgres);
  checks.push(postgres);
  checks.push(
    await checkAfter(postgres, 'Migrations', () => migrations(deps.databaseUrl), 'Run `tidemark migrate`.'),
  );
  const temporal = await check('Temporal', async () => reachable(await deps.client()), mends.temporal);
  checks.push(temporal);
  for (const [name, probe, mend] of temporalProbes(deps))
    checks.push(await checkAfter(temporal, name, probe, mend));
  checks.push(...(await sourceChecks(postgres, deps)));
  return checks;
}

const mends = {
  postgres: 'Start it with `npm start`, or set DATABASE_URL.',
  temporal: 'Start it with `npm start`, or set TEMPORAL_ADDRESS.',
  retention: 'Raise the namespace’s retention, so that runs can be read in the UI for longer.',
  attributes: 'Register them: `temporal operator search-attribute create --name <name> --type <type>`.',
  worker: 'Start a worker with `tidemark worker`.',
  schedules: 'Run `tidemark schedule apply`.',
} as const;

function temporalProbes(deps: DoctorDeps): [name: string, probe: Probe, mend: string][] {
  return [
    ['Namespace retention', async () => retention(await deps.client(), deps.namespace), mends.retention],
    ['Search attributes', async () => attributes(await deps.client(), deps.namespace), mends.attributes],
    ['Workers', async () => polling(await deps.client(), deps), mends.worker],
    [
      'Schedules',
      async () => {
        const differing = await schedulesOutOfStep(await deps.client(), deps.schedules);
        if (differing.length > 0)
          throw new CheckFailure(`out of step: ${differing.join(', ')}`, mends.schedules);
        return 'in step with their declarations';
      },
      mends.schedules,
    ],
  ];
}

function nodeVersion(): string {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isOldEnough = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  if (!isOldEnough) throw new CheckFailure(process.version, 'Install Node 20.11 or later.');
  return process.version;
}

async function answeringPostgres(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ version: string }>(
    `select current_setting('server_version') as version`,
  );
  return `version ${rows[0]?.version ?? 'unknown'}`;
}

async function migrations(databaseUrl: string): Promise<string> {
  const { applied, pending, unknown } = await migrationStatus({ databaseUrl });
  if (unknown.length > 0)
    throw new CheckFailure(
      `the database is newer: ${unknown.join(', ')}`,
      'Run the version that migrated it.',
    );
  if (pending.length > 0) throw new CheckFailure(`pending: ${pending.join(', ')}`, 'Run `tidemark migrate`.');
  return `${applied.length} applied`;
}

async function reachable({ connection }: Client): Promise<string> {
  const { serverVersion } = await connection.workflowService.getSystemInfo({});
  return `server ${serverVersion}`;
}

async function retention({ connection }: Client, namespace: string): Promise<string> {
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  const seconds = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0);
  const days = (seconds * 1_000) / dayMs;
  if (days < wantedRetentionDays)
    throw new CheckFailure(`closed runs are kept for ${days} days`, mends.retention);
  return `closed runs are kept for ${days} days`;
}

async function attributes({ connection }: Client, namespace: string): Promise<string> {
  if (!(connection instanceof Connection)) return 'cannot be listed over this connection';
  const known = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.keys(searchAttributeTypes).filter(
    (name) => known.customAttributes[name] === undefined,
  );
  if (missing.length > 0) throw new CheckFailure(`missing: ${missing.join(', ')}`, mends.attributes);
  return 'registered';
}

/** TASK_QUEUE_TYPE_ACTIVITY of Temporal's API, whose enums no package of ours exports. */
const activityQueue = 2;

async function polling({ connection }: Client, deps: DoctorDeps): Promise<string> {
  const idle: string[] = [];
  for (const queue of deps.queues) {
    const { pollers } = await connection.workflowService.describeTaskQueue({
      namespace: deps.namespace,
      taskQueue: { name: prefixedQueue(deps.schedules.queuePrefix, queue) },
      // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- see its declaration
      taskQueueType: activityQueue,
    });
    if (pollers.length === 0) idle.push(queue);
  }
  if (idle.length > 0) throw new CheckFailure(`nobody polls ${idle.join(', ')}`, mends.worker);
  return `polling ${deps.queues.length} queues`;
}

async function sourceChecks(postgres: Check, deps: DoctorDeps): Promise<Check[]> {
  if (postgres.state !== 'ok') return [];
  let accounts: Account[];
  try {
    accounts = await listAccounts(await deps.pool());
  } catch {
    // The check of the migrations has said why the tables cannot be read.
    return [];
  }
  return Promise.all(
    accounts.map((account) =>
      check(
        `Account ${account.platform}/${account.name}`,
        () => accountFound(account, deps),
        credentialMend(account),
      ),
    ),
  );
}

async function accountFound(account: Account, deps: DoctorDeps): Promise<string> {
  if (account.state === 'paused')
    throw new CheckFailure(`paused: ${account.stateReason ?? 'no reason given'}`, credentialMend(account));
  return probeWords(await probeAccount(deps, account));
}

function credentialMend({ platform, name, state }: Account): string {
  const credential = `Check the ${platform.toUpperCase()}_ settings and the credential`;
  return state === 'paused'
    ? `${credential}; then run \`tidemark account resume ${platform}/${name}\`.`
    : `${credential}.`;
}

async function check(name: string, probe: Probe, mend: string): Promise<Check> {
  try {
    return { name, state: 'ok', found: await probe(), mend: null };
  } catch (error) {
    const own =
      error instanceof Error && 'mend' in error && typeof error.mend === 'string' ? error.mend : mend;
    return {
      name,
      state: 'failed',
      found: error instanceof Error ? error.message : String(error),
      mend: own,
    };
  }
}

async function checkAfter(before: Check, name: string, probe: Probe, mend: string): Promise<Check> {
  if (before.state === 'ok') return check(name, probe, mend);
  return { name, state: 'skipped', found: `${before.name} does not answer`, mend: null };
}
