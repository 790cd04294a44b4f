import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { msToTs } from '@temporalio/common/lib/time.js';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { searchAttributes } from '../../../contracts/search-attributes.js';
import { AnalyticsConfig } from '../../../runtime/configuration.js';
import { UnreachableError } from '../../../runtime/errors.js';
import { createLog } from '../../../runtime/logger.js';
import { assertReachable, createPool } from '../../../runtime/pool.js';
import { connectTemporal, temporalTarget } from '../../../runtime/temporal-connection.js';
import { registerSearchAttributes } from '../../../runtime/temporal-namespace.js';
import { connectTemporalWorker } from '../../../runtime/temporal-worker-connection.js';
import { createTestDatabase, type TestDatabase } from '../../support/databases.js';
import { eventually } from '../../support/eventually.js';
import { testTemporal, type TestTemporal } from '../../support/temporal.js';

const lines: Record<string, unknown>[] = [];
const log = createLog(
  { LOG_LEVEL: 'debug', LOG_LEVELS: {}, LOG_FILE: null },
  { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
);

async function refusal(attempt: Promise<unknown>): Promise<UnreachableError> {
  const error = await attempt.then(
    () => new Error('It was reached'),
    (failure: unknown) => failure,
  );
  if (error instanceof UnreachableError) return error;
  throw error as Error;
}

describe('the pool', () => {
  let database: TestDatabase;
  const pools: pg.Pool[] = [];
  const open = (environment: NodeJS.ProcessEnv = {}, url = database.url): pg.Pool => {
    const pool = createPool({
      url,
      settings: new AnalyticsConfig(environment),
      logger: log.root,
      applicationName: 'tidemark-test',
    });
    pools.push(pool);
    return pool;
  };

  beforeAll(async () => {
    database = await createTestDatabase({ migrated: false });
  });
  afterAll(async () => {
    await Promise.all(pools.map((pool) => pool.end()));
    await database.drop();
  });

  it('outlives connections that break, idle and in use alike', async () => {
    const pool = open();
    const inUse = await pool.connect();
    const { rows } = await inUse.query<{ pid: number }>('select pg_backend_pid() as pid');
    await database.pool.query('select pg_terminate_backend($1)', [rows[0]!.pid]);
    await expect(inUse.query('select 1')).rejects.toThrow();
    inUse.release(true);
    await pool.query('select 1');
    await database.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tidemark-test'`,
    );
    await eventually(() => lines.some(({ msg }) => msg === 'an idle connection to Postgres was lost'));
    expect((await pool.query<{ n: number }>('select 2 as n')).rows).toEqual([{ n: 2 }]);
  });

  it('logs a slow statement without its values, and no fast one', async () => {
    const pool = open({ SLOW_QUERY_SECONDS: '0.1' });
    lines.length = 0;
    await pool.query('select $1::text,\n  pg_sleep(0.15)', ['CANARY']);
    await pool.query('select 1');
    const client = await pool.connect();
    await expect(client.query('select pg_sleep(0.15), 1/0')).rejects.toThrow('division by zero');
    client.release();
    const slow = lines.filter(({ msg }) => msg === 'slow query');
    expect(slow.map(({ statement }) => statement)).toContain('select $1::text, pg_sleep(0.15)');
    expect(slow.length).toBeGreaterThanOrEqual(1);
    expect(slow.length).toBeLessThanOrEqual(2);
    expect(slow[0]!['durationMs']).toBeGreaterThanOrEqual(100);
    expect(JSON.stringify(lines)).not.toContain('CANARY');
  });

  it('cancels a statement past the time limit', async () => {
    const pool = open({ DB_STATEMENT_TIMEOUT_SECONDS: '1' });
    await expect(pool.query('select pg_sleep(30)')).rejects.toMatchObject({ code: '57014' });
  });

  it.each([
    ['a wrong password', (url: URL) => (url.password = 'CANARY-word'), 'user, password and database'],
    ['no such database', (url: URL) => (url.pathname = '/nowhere'), 'user, password and database'],
    ['nobody listening', (url: URL) => (url.port = '1'), 'that the server runs'],
  ])('says what to do about %s', async (_what, spoil, mend) => {
    const url = new URL(database.url);
    spoil(url);
    const error = await refusal(assertReachable(open({}, url.href), url.href));
    expect(error.mend).toContain(mend);
    expect(error.message).toContain(url.host);
    expect(error.message).not.toContain(url.password);
  });
});

describe('the connection to Temporal', () => {
  let temporal: TestTemporal;
  const targetOf = (environment: NodeJS.ProcessEnv): ReturnType<typeof temporalTarget> =>
    temporalTarget(new AnalyticsConfig(environment), null);

  beforeAll(async () => {
    temporal = await testTemporal();
  });
  afterAll(() => temporal.close());

  it('is made for clients and for workers', async () => {
    const target = targetOf({
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: temporal.namespace,
    });
    const connected = await connectTemporal(target);
    expect(connected.namespace).toBe(temporal.namespace);
    const { connection } = connected.client;
    expect(await registerSearchAttributes(connection, connected.namespace)).toEqual([]);
    await connected.close();
    const worker = await connectTemporalWorker(target);
    await worker.close();
  });

  it('registers the search attributes that a namespace lacks', async () => {
    const namespace = 'bare-namespace';
    const { connection } = temporal.client;
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: msToTs('1 day'),
    });
    // The server looks its namespaces up every so often.
    const added = await eventually(() => registerSearchAttributes(connection, namespace));
    expect(added.sort()).toEqual(Object.values(searchAttributes).sort());
    await eventually(async () => (await registerSearchAttributes(connection, namespace)).length === 0);
  });

  it('says what to do when there is no address, no server, or no such namespace', async () => {
    expect(() => targetOf({})).toThrow('npm start');
    const closed = await refusal(connectTemporal(targetOf({ TEMPORAL_ADDRESS: '127.0.0.1:1' })));
    expect(closed.mend).toContain('TEMPORAL_ADDRESS');
    const lacking = await refusal(
      connectTemporal(targetOf({ TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: 'nowhere' })),
    );
    expect(lacking.mend).toContain('TEMPORAL_NAMESPACE');
    const worker = await refusal(connectTemporalWorker(targetOf({ TEMPORAL_ADDRESS: '127.0.0.1:1' })));
    expect(worker.mend).toContain('TEMPORAL_ADDRESS');
  });

  it('can be closed while a call waits for its next attempt', async () => {
    const [host, port] = temporal.address.split(':');
    const sockets = new Set<Socket>();
    const proxy = createServer((inbound) => {
      const outbound = connect(Number(port), host);
      for (const socket of [inbound, outbound]) {
        sockets.add(socket);
        socket.on('error', () => undefined);
      }
      inbound.pipe(outbound).pipe(inbound);
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const address = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const connected = await connectTemporal(
      targetOf({ TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: temporal.namespace }),
    );
    proxy.close();
    for (const socket of sockets) socket.destroy();
    const { workflowService } = connected.client.connection;
    const call = workflowService.describeNamespace({ namespace: temporal.namespace });
    // A call that waits for the channel to connect again is neither answered nor refused once that is closed.
    let answered = false;
    call.then(
      () => (answered = true),
      () => undefined,
    );
    // Long enough for the first attempt to fail, and for a retry to be due soon.
    await pause(150);
    await connected.close();
    // The SDK's longest pause between attempts this early; a retry after the close is an uncaught error.
    await pause(1_000);
    expect(answered).toBe(false);
  });

  it('uses TLS when told to, or when a key implies it, and names a certificate that is missing', async () => {
    const address = { TEMPORAL_ADDRESS: 'cloud.test:7233' };
    expect(targetOf(address).tls).toBeNull();
    expect(targetOf({ ...address, TEMPORAL_TLS: 'true' }).tls).not.toBeNull();
    const keyed = targetOf({ ...address, TEMPORAL_API_KEY: 'CANARY-key-0' });
    expect(keyed).toMatchObject({ apiKey: 'CANARY-key-0' });
    expect(keyed.tls).not.toBeNull();
    expect(() => targetOf({ ...address, TEMPORAL_TLS_SERVER_CA_CERT_PATH: '/nonexistent.pem' })).toThrow(
      '/nonexistent.pem cannot be read',
    );
    // The development server speaks no TLS: asked for it, it is not taken for one that does.
    const plain = await refusal(
      connectTemporal({ ...targetOf({ TEMPORAL_ADDRESS: temporal.address, TEMPORAL_TLS: 'true' }) }),
    );
    expect(plain.dependency).toBe('Temporal');
  });
});
