import type { Command } from 'commander';
import {
  enterValue,
  previewEntry,
  recentEntries,
  undoEntry,
  type EntryPreview,
} from '../../services/data-entry.js';
import { instantArgument, numberArgument, platformArgument, wholeNumberArgument } from '../arguments.js';
import { table } from '../output.js';
import { personAtHand } from '../person.js';
import { inRehearsableTransaction } from '../rehearsal.js';
import { withSession } from '../session.js';

interface AddOptions {
  release: number;
  platform: string;
  metric: string;
  value: number;
  at?: Date;
  by?: string;
  dryRun?: boolean;
}

interface ListOptions {
  release?: number;
  platform?: string;
  after?: number;
  limit: number;
}

const releaseArgument = wholeNumberArgument(1, 2_147_483_647);
const entryArgument = wholeNumberArgument(1, Number.MAX_SAFE_INTEGER);

export function addRecordCommands(program: Command): void {
  const record = program.command('record').description('values that a person tells');
  addAddCommand(record);
  addListCommand(record);
  addUndoCommand(record);
}

function addAddCommand(record: Command): void {
  record
    .command('add')
    .description('a value of a release on a platform, at an instant')
    .requiredOption('--release <id>', 'an approved release', releaseArgument)
    .requiredOption('--platform <name>', 'youtube, spotify, …', platformArgument)
    .requiredOption('--metric <name>', 'views, likes, … or any other')
    .requiredOption('--value <number>', 'rates are fractions, times are minutes', numberArgument)
    .option('--at <instant>', 'with its zone; now by default', instantArgument)
    .option('--by <name>', 'who tells it; the shell’s user unless told')
    .option('--dry-run', 'say what is odd about it, change nothing')
    .action((options: AddOptions, self: Command) =>
      withSession(self, async (session) => {
        const rehearse = options.dryRun === true;
        const { release, platform, metric, value } = options;
        const entry = {
          ...{ release_id: release, platform, metric_name: metric, metric_value: value },
          recorded_at: options.at ?? session.clock.now(),
        };
        const by = personAtHand(session, options.by);
        const { preview, entered } = await inRehearsableTransaction(
          await session.pool(),
          rehearse,
          async (db) => ({
            preview: await previewEntry({ db, clock: session.clock }, entry),
            entered: await enterValue(db, entry, by),
          }),
        );
        for (const { message } of preview.warnings) session.output.progress(`note: ${message}`);
        const told = {
          ...entry,
          platform: preview.platform,
          recorded_at: entry.recorded_at.toISOString(),
          unit: preview.metric?.unit ?? null,
          kind: preview.metric?.kind ?? null,
          expected: preview.expected,
          warnings: preview.warnings,
          entry: rehearse ? null : entered.entry.id,
        };
        session.output.data({ ...told, recorded: !rehearse }, () =>
          sentence(preview, rehearse, rehearse ? null : entered.entry.id),
        );
      }),
    );
}

function sentence(preview: EntryPreview, rehearse: boolean, entry: string | null): string {
  const {
    metric_name: metric,
    metric_value: value,
    release_id: release,
    platform,
    recorded_at: at,
  } = preview;
  const what = `${metric} = ${String(value)} for release ${String(release)} on ${platform} at ${at.toISOString()}`;
  return rehearse
    ? `Would record ${what}.`
    : `Recorded ${what}. Take it back with “tidemark record undo ${String(entry)}”.`;
}

function addListCommand(record: Command): void {
  record
    .command('list')
    .description('values that people told, the newest first')
    .option('--release <id>', 'of one release', releaseArgument)
    .option('--platform <name>', 'of one platform', platformArgument)
    .option('--after <id>', 'those before this entry in time', entryArgument)
    .option('-n, --limit <count>', 'how many', wholeNumberArgument(1, 1_000), 20)
    .action(({ release, platform, after, limit }: ListOptions, self: Command) =>
      withSession(self, async (session) => {
        const entries = await recentEntries(await session.pool(), {
          ...{ release_id: release, platform, limit },
          after: after === undefined ? undefined : String(after),
        });
        session.output.data(entries, () =>
          entries.length === 0
            ? 'Nobody has told a value yet.'
            : table(
                ['entry', 'entered', 'by', 'release', 'platform', 'metric', 'at', 'value', 'undone by'],
                entries.map((entry) => [
                  ...[Number(entry.id), entry.entered_at.toISOString().slice(0, 16), entry.entered_by],
                  ...[
                    entry.release_title,
                    entry.platform,
                    entry.metric_name,
                    entry.recorded_at.toISOString(),
                  ],
                  ...[entry.metric_value, entry.undone_by],
                ]),
              ),
        );
      }),
    );
}

function addUndoCommand(record: Command): void {
  record
    .command('undo')
    .argument('<entry>', 'an entry’s number, from “record list”', entryArgument)
    .description('take a value back; what it had replaced, or the platform’s value, counts again')
    .option('--by <name>', 'who takes it back; the shell’s user unless told')
    .option('--dry-run', 'say what would be, change nothing')
    .action((id: number, options: { by?: string; dryRun?: boolean }, self: Command) =>
      withSession(self, async (session) => {
        const rehearse = options.dryRun === true;
        const by = personAtHand(session, options.by);
        const outcome = await inRehearsableTransaction(await session.pool(), rehearse, (db) =>
          undoEntry(db, String(id), by),
        );
        const { entry, effective, undone } = outcome;
        session.output.data({ entry, effective, undone: undone && !rehearse }, () => {
          if (!undone) return `Entry ${String(id)} was undone before, by ${entry.undone_by ?? 'nobody'}.`;
          const now =
            effective === null
              ? 'nothing is known of the instant'
              : `${String(effective.metric_value)} (${effective.source}) counts`;
          return `Entry ${String(id)} ${rehearse ? 'would be' : 'is'} undone: ${now}${rehearse ? ' then' : ' again'}.`;
        });
      }),
    );
}
