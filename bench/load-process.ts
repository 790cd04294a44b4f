/** The importing process of the load bench. */
import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { readLongCsv } from '../sources/files/long-csv.js';
import { loadSnapshotChunks } from '../store/load/load-snapshots.js';
import { defaultChunkRows, type LoadParts } from '../store/load/options.js';
import { serveMeasurement } from './measured-process.js';

export interface LoadMeasurement {
  databaseUrl: string;
  file: string;
  /** The role to load as: the worker's is under row security, null is the superuser's own, past it. */
  role: string | null;
  parts: LoadParts;
  runId: string;
  /** Account and days to cover at the end; null for none. */
  coverage: { accountId: number; days: string[] } | null;
}

export interface LoadTiming {
  ms: number;
  inserted: number;
  unchanged: number;
  clientCpuSeconds: number;
  /** Of the server's process; null where the system does not tell. */
  serverCpuSeconds: number | null;
}

const ticksPerSecond = 100;

/** User and system time of a process, by Linux's own account. */
export async function cpuSecondsOf(pid: number): Promise<number | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  } catch {
    return null;
  }
}

serveMeasurement(async (measurement: LoadMeasurement): Promise<LoadTiming> => {
  const { databaseUrl, file, role, parts, runId, coverage } = measurement;
  // One connection, so that one server process does all the work.
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 1,
    ...(role === null ? {} : { options: `-c role=${role}` }),
  });
  try {
    const { rows } = await pool.query<{ pid: number }>('select pg_backend_pid() as pid');
    const { pid } = rows[0]!;
    const serverBefore = await cpuSecondsOf(pid);
    const clientBefore = process.cpuUsage();
    const started = performance.now();
    const { inserted, unchanged } = await loadSnapshotChunks(
      pool,
      readLongCsv(file, { chunkRows: defaultChunkRows }),
      {
        source: 'imported',
        run: { id: runId, now: new Date('2027-01-01T00:00:00Z') },
        parts,
        ...(coverage === null
          ? {}
          : {
              account: { id: coverage.accountId, report: 'counters' },
              covered: coverage.days.map((day) => ({ day, final: true })),
            }),
      },
    );
    const ms = performance.now() - started;
    const { user, system } = process.cpuUsage(clientBefore);
    const serverAfter = await cpuSecondsOf(pid);
    return {
      ms,
      inserted,
      unchanged,
      clientCpuSeconds: (user + system) / 1e6,
      serverCpuSeconds: serverBefore === null || serverAfter === null ? null : serverAfter - serverBefore,
    };
  } finally {
    await pool.end();
  }
});
