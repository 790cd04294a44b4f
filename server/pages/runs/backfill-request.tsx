/** What a backfill is asked for, as the form tells it and as the command line would. */
import type { VNode } from 'preact';
import { z } from 'zod';
import { platforms, type Platform } from '../../../contracts/vocabulary.js';
import type { BackfillRequest } from '../../../operations/backfills.js';
import type { Account } from '../../../store/accounts.js';
import { wordFor } from '../filter-bar.js';
import { Field, Select } from '../parts/form.js';
import { Empty } from '../parts/notices.js';

const mostConcurrency = 64;
const usualConcurrency = 4;

export const backfillFields = {
  /** `youtube/main`: the platform, then the account's name. */
  account: z.string().regex(/^[a-z]+\/.+$/, 'is no platform and account'),
  report: z.enum(['counters', 'daily']),
  from: z.iso.date(),
  /** The last day: the range holds it. */
  to: z.iso.date(),
  mode: z.enum(['missing', 'failed', 'all']).default('missing'),
  order: z.enum(['newest', 'oldest']).default('newest'),
  concurrency: z.coerce.number().int().min(1).max(mostConcurrency).default(usualConcurrency),
};
export type BackfillFields = z.infer<z.ZodObject<typeof backfillFields>>;

export function requestOf(fields: BackfillFields): BackfillRequest {
  const [platform, ...name] = fields.account.split('/');
  return {
    platform: platforms.find((known) => known === platform) ?? (platform as Platform),
    account: name.join('/'),
    report: fields.report,
    window: { from: fields.from, to: dayAfter(fields.to) },
    mode: fields.mode,
    newestFirst: fields.order === 'newest',
    concurrency: fields.concurrency,
  };
}

/** The same as one command. */
export function commandOf(fields: BackfillFields): string {
  const { platform, account, report, window, mode } = requestOf(fields);
  return [
    'tidemark backfill start',
    `--platform ${platform} --account ${quoted(account)} --report ${report}`,
    `--from ${window.from} --to ${window.to} --mode ${mode} --concurrency ${String(fields.concurrency)}`,
    ...(fields.order === 'oldest' ? ['--reverse'] : []),
    '--wait',
  ].join(' ');
}

function quoted(text: string): string {
  return /^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

/** The form that leads to a preview; nothing is kept or started by it. */
export function BackfillForm({
  accounts,
  told,
}: {
  accounts: readonly Account[];
  told: Partial<Record<keyof BackfillFields, string | number>>;
}): VNode {
  if (accounts.length === 0)
    return (
      <Empty>
        There is no account to collect from yet. Add one with <code>tidemark account add</code>.
      </Empty>
    );
  const accountOptions = Object.fromEntries(
    accounts.map(({ platform, name }) => [`${platform}/${name}`, `${wordFor(platform)}, ${name}`]),
  );
  return (
    <form method="get" action="/backfills/new" class="filters" aria-label="Plan a backfill">
      <Field id="account" label="Account">
        <Select id="account" options={accountOptions} chosen={text(told.account)} />
      </Field>
      <Field id="report" label="Report">
        <Select
          id="report"
          options={{ counters: 'Counters', daily: 'Daily report' }}
          chosen={text(told.report) ?? 'counters'}
        />
      </Field>
      <Field id="from" label="First day">
        <input id="from" name="from" type="date" required value={text(told.from)} />
      </Field>
      <Field id="to" label="Last day">
        <input id="to" name="to" type="date" required value={text(told.to)} />
      </Field>
      <Field id="mode" label="Days to collect">
        <Select
          id="mode"
          options={{ missing: 'Missing or not settled', failed: 'Failed', all: 'All, again' }}
          chosen={text(told.mode) ?? 'missing'}
        />
      </Field>
      <Field id="order" label="Order">
        <Select
          id="order"
          options={{ newest: 'Newest first', oldest: 'Oldest first' }}
          chosen={text(told.order) ?? 'newest'}
        />
      </Field>
      <Field id="concurrency" label="Side by side">
        <input
          id="concurrency"
          name="concurrency"
          type="number"
          min="1"
          max={mostConcurrency}
          value={text(told.concurrency) ?? String(usualConcurrency)}
        />
      </Field>
      <button type="submit">Preview</button>
    </form>
  );
}

function text(value: string | number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}
