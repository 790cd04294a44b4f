import { InvalidArgumentError, Option, type Command } from 'commander';
import { dismissQuarantined, replayQuarantined } from '../../services/replay-quarantine.js';
import {
  countQuarantined,
  getQuarantined,
  listQuarantined,
  type QuarantineState,
} from '../../store/quarantine.js';
import { wholeNumberArgument } from '../arguments.js';
import { exitCodes } from '../exit-codes.js';
import { asFields, fieldLines } from '../fields.js';
import { table } from '../output.js';
import { personAtHand } from '../person.js';
import { inRehearsableTransaction } from '../rehearsal.js';
import { withSession } from '../session.js';
import type { Settle } from './settle.js';

interface ListOptions {
  state: QuarantineState | 'all';
  origin?: string;
  run?: number;
  after?: number;
  limit: number;
}

interface MendOptions {
  set?: Record<string, string>;
  by?: string;
  dryRun?: boolean;
}

const idArgument = wholeNumberArgument(1, Number.MAX_SAFE_INTEGER);

export function addQuarantineCommands(program: Command, settle: Settle): void {
  const quarantine = program.command('quarantine').description('rows that could not be taken, and why');
  addReadingCommands(quarantine);
  addReplayCommand(quarantine, settle);
  addDismissCommand(quarantine);
}

function addReadingCommands(quarantine: Command): void {
  quarantine
    .command('list')
    .description('those that wait to be mended, in order')
    .addOption(
      new Option('--state <state>').choices(['open', 'replayed', 'dismissed', 'all']).default('open'),
    )
    .option('--origin <file>', 'of one file')
    .option('--run <run>', 'set aside by one run', idArgument)
    .option('--after <id>', 'those after this one', idArgument)
    .option('-n, --limit <count>', 'how many', wholeNumberArgument(1, 1_000), 50)
    .action(({ state, origin, run, after, limit }: ListOptions, self: Command) =>
      withSession(self, async (session) => {
        const pool = await session.pool();
        const rows = await listQuarantined(pool, {
          ...(state === 'all' ? {} : { state }),
          ...{ origin, limit, runId: textOf(run), afterId: textOf(after) },
        });
        const counts = await countQuarantined(pool);
        session.output.data({ counts, rows: rows.map(asFields) }, () =>
          [
            table(
              ['id', 'state', 'where', 'field', 'reason', 'row'],
              rows.map(({ id, state: stands, origin: file, line, field, reason, raw }) => [
                ...[Number(id), stands, `${file}:${String(line)}`, field, reason, raw.slice(0, 60)],
              ]),
            ),
            '',
            `${String(counts.open)} open, ${String(counts.replayed)} replayed, ${String(counts.dismissed)} dismissed.`,
          ].join('\n'),
        );
      }),
    );
  quarantine
    .command('show')
    .argument('<id>', 'a row’s number', idArgument)
    .description('a row as it stands in its file, and what became of it')
    .action((id: number, _: unknown, self: Command) =>
      withSession(self, async (session) => {
        const row = asFields(await getQuarantined(await session.pool(), String(id)));
        session.output.data(row, () => fieldLines(row));
      }),
    );
}

function addReplayCommand(quarantine: Command, settle: Settle): void {
  quarantine
    .command('replay')
    .argument('<id>', 'a row’s number', idArgument)
    .description('load a row after all, mended where told')
    .option('--set <field=value>', 'put a value in a field’s place; may be repeated', gatherFields)
    .option('--by <name>', 'who mends it; the shell’s user unless told')
    .option('--dry-run', 'read the mended row, load nothing')
    .action((id: number, { set = {}, by, dryRun = false }: MendOptions, self: Command) =>
      withSession(self, async (session) => {
        const outcome = await replayQuarantined(
          { pool: await session.pool(), clock: session.clock },
          { id: String(id), set, by: personAtHand(session, by) },
          { dryRun },
        );
        const { refused, mended, run_id: run, state, counts } = outcome;
        if (refused !== null) settle(exitCodes.rejectedRows);
        session.output.data({ ...outcome, replayed: run !== null }, () => {
          if (refused !== null)
            return `Still no good: ${refused.field ?? 'the row'} ${refused.reason}. Nothing was loaded of: ${mended}`;
          if (run !== null)
            return `Row ${String(id)} is loaded by run ${run} (${String(counts!.inserted)} new, ${String(counts!.updated)} changed, ${String(counts!.unchanged + counts!.stale)} unchanged).`;
          return state === 'replayed' ? `Row ${String(id)} was replayed before.` : `Would load: ${mended}`;
        });
      }),
    );
}

function addDismissCommand(quarantine: Command): void {
  quarantine
    .command('dismiss')
    .argument('<id>', 'a row’s number', idArgument)
    .description('let a row be; it is kept and asks for nothing any more')
    .option('--note <text>', 'why')
    .option('--by <name>', 'who decides; the shell’s user unless told')
    .option('--dry-run', 'check and change nothing')
    .action((id: number, options: MendOptions & { note?: string }, self: Command) =>
      withSession(self, async (session) => {
        const rehearse = options.dryRun === true;
        const by = personAtHand(session, options.by);
        const wasOpen = await inRehearsableTransaction(await session.pool(), rehearse, (db) =>
          dismissQuarantined(
            { db, clock: session.clock },
            { id: String(id), by, note: options.note ?? null },
          ),
        );
        session.output.data({ id: String(id), dismissed: wasOpen && !rehearse }, () => {
          if (!wasOpen) return `Row ${String(id)} was dismissed before.`;
          return rehearse ? `Would dismiss row ${String(id)}.` : `Row ${String(id)} is dismissed.`;
        });
      }),
    );
}

function gatherFields(text: string, former: Record<string, string> = {}): Record<string, string> {
  const place = text.indexOf('=');
  if (place < 1) throw new InvalidArgumentError(`“${text}” sets no field; write it as value=12.`);
  return { ...former, [text.slice(0, place)]: text.slice(place + 1) };
}

function textOf(id: number | undefined): string | undefined {
  return id === undefined ? undefined : String(id);
}
