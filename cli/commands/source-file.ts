import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { exportSourceStats, importSourceStats } from '../../services/stock-file.js';
import { exitCodes } from '../exit-codes.js';
import { CommandError } from '../command-error.js';
import { inRehearsableTransaction } from '../rehearsal.js';
import { withSession } from '../session.js';

const usualFile = 'source_stats.json';

interface FileOptions {
  dryRun?: boolean;
}

/** `source export` and `source import`. */
export function addSourceFileCommands(source: Command): void {
  source
    .command('export')
    .argument('[file]', 'where to', usualFile)
    .description('every clip and score, with the ranking that follows from them')
    .option('--dry-run', 'read everything and write no file')
    .action((file: string, options: FileOptions, self: Command) =>
      withSession(self, async (session) => {
        const stats = await exportSourceStats({
          pool: await session.pool(),
          clock: session.clock,
          halfLifeDays: session.configuration.STOCK_HALF_LIFE_DAYS,
        });
        const written = options.dryRun !== true;
        if (written) await writeFile(file, `${JSON.stringify(stats, null, 2)}\n`);
        const counts = { usages: stats.usages.length, performances: stats.performances.length };
        session.output.data(
          { file, ...counts, written },
          () =>
            `${written ? 'Wrote' : 'Would write'} ${counts.usages} clips and ${counts.performances} scores to ${file}.`,
        );
      }),
    );
  source
    .command('import')
    .argument('[file]', 'where from', usualFile)
    .description('take in clips and scores; what is known already changes nothing')
    .option('--dry-run', 'check and change nothing')
    .action((file: string, options: FileOptions, self: Command) =>
      withSession(self, async (session) => {
        const rehearse = options.dryRun === true;
        const text = await textOf(file);
        const { usages, performances } = await inRehearsableTransaction(
          await session.pool(),
          rehearse,
          (db) => importSourceStats(db, text, session.clock.now()),
        );
        session.output.data(
          { file, usages, performances, imported: !rehearse },
          () =>
            `${rehearse ? 'Would take in' : 'Took in'} ${usages.written} of ${usages.told} clips and ` +
            `${performances.written} of ${performances.told} scores; the others were known.`,
        );
      }),
    );
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw new CommandError(
      `${file} cannot be read.`,
      exitCodes.notFound,
      'Write one with “tidemark source export”.',
    );
  }
}
