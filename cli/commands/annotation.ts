import type { Command } from 'commander';
import { addAnnotation, listAnnotations, removeAnnotation } from '../../store/annotations.js';
import { dayArgument, instantArgument, platformArgument, wholeNumberArgument } from '../arguments.js';
import { exitCodes } from '../exit-codes.js';
import { CommandError } from '../command-error.js';
import { table } from '../output.js';
import { artistNamed } from '../person.js';
import { inRehearsableTransaction } from '../rehearsal.js';
import { withSession } from '../session.js';

interface Subject {
  release?: number;
  artist?: string;
  platform?: string;
}

interface ListOptions extends Subject {
  from?: string;
  to?: string;
  limit: number;
}

const idArgument = wholeNumberArgument(1, 2_147_483_647);

export function addAnnotationCommands(program: Command): void {
  const annotation = program.command('annotation').description('notes on a moment, shown on the charts');
  speaking(annotation.command('add <text>').description('note what happened'))
    .requiredOption('--at <instant>', 'with its zone', instantArgument)
    .option('--dry-run', 'check and change nothing')
    .action((text: string, options: Subject & { at: Date; dryRun?: boolean }, self: Command) =>
      withSession(self, async (session) => {
        const rehearse = options.dryRun === true;
        if (text.trim() === '') throw new CommandError('A note needs words.', exitCodes.usage);
        if (options.release === undefined && options.artist === undefined)
          throw new CommandError('Say of whom: add --release or --artist.', exitCodes.usage);
        const added = await inRehearsableTransaction(await session.pool(), rehearse, async (db) =>
          addAnnotation(db, {
            artistId: options.artist === undefined ? null : await artistNamed(db, options.artist),
            releaseId: options.release ?? null,
            platform: options.platform ?? null,
            at: options.at,
            text: text.trim(),
          }),
        );
        session.output.data(rehearse ? { ...added, id: null } : added, () =>
          rehearse ? `Would note “${added.text}”.` : `Annotation ${added.id} is noted.`,
        );
      }),
    );
  speaking(annotation.command('list').description('notes, the latest moment first'))
    .option('--from <day>', 'first day', dayArgument)
    .option('--to <day>', 'day after the last one', dayArgument)
    .option('-n, --limit <count>', 'how many', wholeNumberArgument(1, 1_000), 50)
    .action((options: ListOptions, self: Command) =>
      withSession(self, async (session) => {
        const pool = await session.pool();
        const { artist, release, platform, from, to, limit } = options;
        const found = await listAnnotations(pool, {
          ...{ releaseId: release, platform, limit },
          artistId: artist === undefined ? undefined : await artistNamed(pool, artist),
          from: instantOf(from),
          to: instantOf(to),
        });
        session.output.data(found, () =>
          found.length === 0
            ? 'Nothing is noted.'
            : table(
                ['id', 'at', 'release', 'artist', 'platform', 'note'],
                found.map(({ id, at, release_id, artist_id, platform: where, text }) => [
                  ...[Number(id), at.toISOString(), release_id, artist_id, where, text],
                ]),
              ),
        );
      }),
    );
  annotation
    .command('remove')
    .argument('<id>', 'an annotation’s number', wholeNumberArgument(1, Number.MAX_SAFE_INTEGER))
    .description('remove a note for good')
    .option('--yes', 'remove it without being asked')
    .option('--dry-run', 'check and change nothing')
    .action((id: number, options: { yes?: boolean; dryRun?: boolean }, self: Command) =>
      withSession(self, async (session) => {
        const rehearse = options.dryRun === true;
        if (!rehearse && options.yes !== true)
          throw new CommandError(
            'A note that is removed is gone.',
            exitCodes.usage,
            'Add --yes, or --dry-run.',
          );
        const removed = await inRehearsableTransaction(await session.pool(), rehearse, (db) =>
          removeAnnotation(db, String(id)),
        );
        if (removed === null)
          throw new CommandError(
            `There is no annotation ${String(id)}.`,
            exitCodes.notFound,
            'See “tidemark annotation list”.',
          );
        session.output.data(
          { id: String(id), removed: !rehearse },
          () => `Annotation ${String(id)} ${rehearse ? 'would be' : 'is'} removed.`,
        );
      }),
    );
}

function speaking(command: Command): Command {
  return command
    .option('--release <id>', 'of a release', idArgument)
    .option('--artist <name>', 'of an artist as a whole')
    .option('--platform <name>', 'of one platform', platformArgument);
}

function instantOf(day: string | undefined): Date | undefined {
  return day === undefined ? undefined : new Date(`${day}T00:00:00Z`);
}
