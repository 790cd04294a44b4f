/** A temporary directory with servers in it, all gone when a measurement ends, however it ends. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { startPostgres } from '../runtime/postgres-server.js';
import { findTemporalBinary } from '../runtime/temporal-binary.js';
import { startTemporal } from '../runtime/temporal-server.js';
import { migrate } from '../store/migrate.js';

export interface Scratch {
  directory: string;
  /** To be called at the end; the last one told is called first. */
  atEnd(close: () => Promise<unknown>): void;
  /** Starts Postgres as `npm start` does, durable writes included, migrates it and returns its address. */
  startDatabase(): Promise<string>;
  /** Starts Temporal's development server and returns its address. */
  startTemporal(): Promise<string>;
}

const announce = (line: string): void => console.error(line);

/** Runs `work` in a fresh directory and stops what it started, also at Ctrl-C. */
export async function inScratch<Result>(work: (scratch: Scratch) => Promise<Result>): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), 'tidemark-bench-'));
  const closers: (() => Promise<unknown>)[] = [() => rm(directory, { recursive: true, force: true })];
  const atEnd = (close: () => Promise<unknown>): void => void closers.push(close);
  let ending: Promise<void> | null = null;
  const closeAll = async (): Promise<void> => {
    for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
  };
  const end = (): Promise<void> => (ending ??= closeAll());
  const interrupt = (): void => {
    void end().finally(() => process.exit(130));
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    // The account that Postgres runs as must be able to walk in when this is run by root.
    await chmod(directory, 0o711);
    return await work({
      directory,
      atEnd,
      async startDatabase() {
        const server = await startPostgres({ directory, preferredPort: 55_600, announce });
        atEnd(() => server.stop());
        await migrate({ databaseUrl: server.url, logger: pino({ level: 'silent' }) });
        return server.url;
      },
      async startTemporal() {
        const { path } = await findTemporalBinary({ environment: process.env, announce });
        const server = await startTemporal({
          directory,
          binary: path,
          preferredPort: 17_633,
          preferredUiPort: 18_633,
          announce,
        });
        atEnd(() => server.stop());
        return server.address;
      },
    });
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    await end();
  }
}
