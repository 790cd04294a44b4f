/** A namespace of a test file's own on the run's Temporal server. */
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import pg from 'pg';
import { inject } from 'vitest';

export interface TestTemporal {
  address: string;
  /** No other test file's: ids, task queues and schedules need not be made unique. */
  namespace: string;
  uiUrl: string;
  client: Client;
  /** For workers. */
  nativeConnection: NativeConnection;
  /** Closes both connections; call it after every worker has stopped. */
  close(): Promise<void>;
}

/** Takes the next unused namespace and connects to it; call it once a file, in `beforeAll`. */
export async function testTemporal(): Promise<TestTemporal> {
  const address = inject('temporalAddress');
  const namespace = `test-${await nextNamespace()}`;
  const [connection, nativeConnection] = await Promise.all([
    Connection.connect({ address }),
    NativeConnection.connect({ address }),
  ]);
  return {
    address,
    namespace,
    uiUrl: inject('temporalUiUrl'),
    client: new Client({ connection, namespace }),
    nativeConnection,
    async close() {
      await connection.close();
      await nativeConnection.close();
    },
  };
}

async function nextNamespace(): Promise<string> {
  const client = new pg.Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  try {
    const { rows } = await client.query<{ next: string }>(`select nextval('test_namespaces') as next`);
    return rows[0]!.next;
  } finally {
    await client.end();
  }
}
