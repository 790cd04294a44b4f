/** The load path against a raw COPY of the same file into a bare table, in turn, over one Postgres. */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { median } from 'simple-statistics';
import type { LoadMeasurement, LoadTiming } from './load-process.js';
import { daysOf, writeLongCsv } from './long-csv.js';
import { measureInProcess } from './measured-process.js';
import { inScratch } from './scratch.js';

export interface LoadBenchOptions {
  /** Lines of the files; 500,000 and 2,000,000 unless told. */
  lines?: readonly number[];
  /** Contents in a file; 200 unless told. */
  contents?: number;
  /** Measurements, of which the median is told; 5 unless told. */
  repetitions?: number;
}

/** Medians of a load. */
export interface LoadRates {
  linesPerSecond: number;
  /** Lines a second over those of the raw COPY of the same round. */
  ofRawCopy: number;
  clientCpuSeconds: number;
  serverCpuSeconds: number | null;
  walMiB: number;
}

export interface LoadVariant {
  name: string;
  /** What is written beside the facts, and who writes. */
  writes: string;
  first: LoadRates;
  /** The same file again: nothing changes. */
  again: LoadRates;
  /** Of the importing process, in both loads. */
  peakRssMiB: number;
}

export interface LoadFileResult {
  lines: number;
  snapshots: number;
  megabytes: number;
  rawCopy: { linesPerSecond: number; walMiB: number };
  variants: LoadVariant[];
}

export interface LoadBenchResult {
  repetitions: number;
  files: LoadFileResult[];
}

interface Variant {
  name: string;
  writes: string;
  role: string | null;
  parts: LoadMeasurement['parts'];
  covers: boolean;
}

const variants: readonly Variant[] = [
  {
    name: 'facts',
    writes: 'snapshots alone',
    role: null,
    parts: { days: false, revisions: false },
    covers: false,
  },
  {
    name: 'facts and days',
    writes: 'snapshots and the days derived from them',
    role: null,
    parts: { days: true, revisions: false },
    covers: false,
  },
  {
    name: 'everything',
    writes: 'snapshots, days, revisions and coverage, by the worker under row security',
    role: 'tidemark_worker',
    parts: { days: true, revisions: true },
    covers: true,
  },
];

/** Each round copies the raw file, then loads it twice in every variant, in turned order every other time. */
export async function runLoadBench(options: LoadBenchOptions = {}): Promise<LoadBenchResult> {
  const { lines = [500_000, 2_000_000], contents = 200, repetitions = 5 } = options;
  return inScratch(async (scratch) => {
    const databaseUrl = await scratch.startDatabase();
    const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
    // A connection that breaks while it is idle is told by the next statement.
    pool.on('error', () => undefined);
    scratch.atEnd(() => pool.end());
    const files: LoadFileResult[] = [];
    for (const count of lines) {
      const file = join(scratch.directory, `long-${count}.csv`);
      const shape = { lines: count, contents };
      await writeLongCsv(file, shape);
      files.push(
        await measureFile(new FileBench(pool, databaseUrl, file, daysOf(shape)), count, repetitions),
      );
    }
    return { repetitions, files };
  });
}

async function measureFile(bench: FileBench, lines: number, repetitions: number): Promise<LoadFileResult> {
  const raw: Copied[] = [];
  const loads = new Map<Variant, LoadRound[]>(variants.map((variant) => [variant, []]));
  for (let round = 0; round < repetitions; round++) {
    const copied = await bench.copyRaw();
    raw.push(copied);
    for (const variant of round % 2 === 0 ? variants : variants.toReversed()) {
      loads.get(variant)!.push(await bench.load(variant, copied.ms));
    }
  }
  const rates = (rounds: readonly LoadRound[], pass: 'first' | 'again'): LoadRates => {
    const told = (read: (load: Loaded) => number): number => median(rounds.map((round) => read(round[pass])));
    return {
      linesPerSecond: Math.round(lines / (told(({ timing }) => timing.ms) / 1_000)),
      ofRawCopy: rounded(median(rounds.map((round) => round.rawMs / round[pass].timing.ms))),
      clientCpuSeconds: rounded(told(({ timing }) => timing.clientCpuSeconds)),
      serverCpuSeconds: rounds.some((round) => round[pass].timing.serverCpuSeconds === null)
        ? null
        : rounded(told(({ timing }) => timing.serverCpuSeconds ?? 0)),
      walMiB: Math.round(told(({ walBytes }) => walBytes) / 2 ** 20),
    };
  };
  return {
    lines,
    snapshots: loads.get(variants[0]!)![0]!.first.timing.inserted,
    megabytes: Math.round(median(raw.map(({ bytes }) => bytes)) / 1e6),
    rawCopy: {
      linesPerSecond: Math.round(lines / (median(raw.map(({ ms }) => ms)) / 1_000)),
      walMiB: Math.round(median(raw.map(({ walBytes }) => walBytes)) / 2 ** 20),
    },
    variants: [...loads].map(([{ name, writes }, rounds]) => ({
      name,
      writes,
      first: rates(rounds, 'first'),
      again: rates(rounds, 'again'),
      peakRssMiB: Math.max(...rounds.flatMap(({ first, again }) => [first.peakRssMiB, again.peakRssMiB])),
    })),
  };
}

interface Copied {
  ms: number;
  bytes: number;
  walBytes: number;
}

interface Loaded {
  timing: LoadTiming;
  peakRssMiB: number;
  walBytes: number;
}

interface LoadRound {
  rawMs: number;
  first: Loaded;
  again: Loaded;
}

class FileBench {
  constructor(
    private readonly pool: pg.Pool,
    private readonly databaseUrl: string,
    private readonly file: string,
    private readonly days: string[],
  ) {}

  async copyRaw(): Promise<Copied> {
    await this.pool.query(`drop table if exists bare; create table bare
      (platform text, external_id text, metric text, value double precision, recorded_at timestamptz)`);
    const walBefore = await this.walPosition();
    const started = performance.now();
    const client = await this.pool.connect();
    const source = createReadStream(this.file, { highWaterMark: 64 * 1024 });
    try {
      await pipeline(source, client.query(copyFrom('copy bare from stdin (format csv, header true)')));
    } finally {
      client.release();
    }
    const ms = performance.now() - started;
    return { ms, bytes: source.bytesRead, walBytes: (await this.walPosition()) - walBefore };
  }

  async load(variant: Variant, rawMs: number): Promise<LoadRound> {
    await this.pool.query(
      `truncate engagement_snapshots, content_performance_history, performance_revisions, coverage, contents,
         runs, accounts restart identity cascade`,
    );
    await this.pool.query(`insert into accounts (id, platform, name) values (1, 'youtube', 'bench')`);
    await this.pool.query(
      `insert into runs (id, kind, workflow_id, temporal_run_id, started_at) values (1, 'import', 'bench', '1', now())`,
    );
    // What earlier loads left to be written must not be charged to this one.
    await this.pool.query('checkpoint');
    return { rawMs, first: await this.loadOnce(variant), again: await this.loadOnce(variant) };
  }

  private async loadOnce({ role, parts, covers }: Variant): Promise<Loaded> {
    const walBefore = await this.walPosition();
    const { result, peakRssMiB } = await measureInProcess<LoadTiming>(
      new URL('./load-process.ts', import.meta.url),
      {
        databaseUrl: this.databaseUrl,
        file: this.file,
        role,
        parts,
        runId: '1',
        coverage: covers ? { accountId: 1, days: this.days } : null,
      } satisfies LoadMeasurement,
    );
    return { timing: result, peakRssMiB, walBytes: (await this.walPosition()) - walBefore };
  }

  private async walPosition(): Promise<number> {
    const { rows } = await this.pool.query<{ position: string }>(
      `select pg_current_wal_lsn() - '0/0'::pg_lsn as position`,
    );
    return Number(rows[0]!.position);
  }
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
