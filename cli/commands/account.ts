import { InvalidArgumentError, Option, type Command } from 'commander';
import { parsePlatform, type Platform } from '../../contracts/vocabulary.js';
import type { Report } from '../../contracts/records.js';
import { probeAccount, probeWords } from '../../operations/check-account.js';
import {
  getAccount,
  listAccounts,
  resumeAccount,
  upsertAccount,
  type Account,
} from '../../store/accounts.js';
import { addArtist } from '../../store/artists.js';
import { asFields } from '../fields.js';
import { table } from '../output.js';
import { inRehearsableTransaction } from '../rehearsal.js';
import { withSession } from '../session.js';

interface AddOptions {
  artist?: string;
  externalId?: string;
  report?: Report[];
  dryRun?: boolean;
}

interface AccountName {
  platform: Platform;
  name: string;
}

export function addAccountCommands(program: Command): void {
  const account = program.command('account').description('the channels and profiles that are collected from');
  account
    .command('list')
    .description('accounts, with the reason where one is paused')
    .action((_: unknown, self: Command) =>
      withSession(self, async (session) => {
        const accounts = await listAccounts(await session.pool());
        session.output.data(accounts.map(fieldsOf), () =>
          table(
            ['account', 'reports', 'state', 'reason'],
            accounts.map(({ platform, name, reports, state, stateReason }) => [
              `${platform}/${name}`,
              reports.join(', '),
              state,
              stateReason,
            ]),
          ),
        );
      }),
    );
  account
    .command('resume')
    .argument('<account>', 'such as youtube/main', accountArgument)
    .description('collect again from an account that was paused, once its credential is renewed')
    .option('--dry-run', 'check and change nothing')
    .action(({ platform, name }: AccountName, options: { dryRun?: boolean }, self: Command) =>
      withSession(self, async (session) => {
        const pool = await session.pool();
        const { id } = await getAccount(pool, platform, name);
        const rehearse = options.dryRun === true;
        if (!rehearse) await resumeAccount(pool, id);
        session.output.data(
          { platform, account: name, resumed: !rehearse },
          () => `${platform}/${name} ${rehearse ? 'would be' : 'is'} collected from again.`,
        );
      }),
    );
  addAddCommand(account);
  addCheckCommand(account);
}

function addAddCommand(account: Command): void {
  account
    .command('add')
    .argument('<account>', 'such as youtube/main', accountArgument)
    .description('tell of an account, or bring it to what is told; what is not told stays')
    .option('--artist <name>', 'whose it is, added when new')
    .option('--external-id <id>', 'the channel or profile on the platform')
    .addOption(new Option('--report <report...>', 'what to collect').choices(['counters', 'daily', 'export']))
    .option('--dry-run', 'check and change nothing')
    .action(({ platform, name }: AccountName, options: AddOptions, self: Command) =>
      withSession(self, async (session) => {
        const rehearse = options.dryRun === true;
        const added = await inRehearsableTransaction(await session.pool(), rehearse, async (db) =>
          upsertAccount(db, {
            ...{ platform, name, externalId: options.externalId ?? null },
            artistId: options.artist === undefined ? null : (await addArtist(db, options.artist)).id,
            ...(options.report === undefined ? {} : { reports: options.report }),
          }),
        );
        session.output.data({ ...fieldsOf(added), added: !rehearse }, () =>
          rehearse
            ? `Would collect ${added.reports.join(', ')} of ${platform}/${name}.`
            : `${platform}/${name} is known; see that it answers with “tidemark account check ${platform}/${name}”.`,
        );
      }),
    );
}

function addCheckCommand(account: Command): void {
  account
    .command('check')
    .argument('<account>', 'such as youtube/main', accountArgument)
    .description('ask the platform whether the credential works, and what it may read')
    .action(({ platform, name }: AccountName, _: unknown, self: Command) =>
      withSession(self, async (session) => {
        const checked = await getAccount(await session.pool(), platform, name);
        // Only this command pays for loading the platforms' clients.
        const { createSourceFor } = await import('../../sources/configured-sources.js');
        const sourceFor = createSourceFor(session.configuration);
        const report = await probeAccount({ clock: session.clock, sourceFor }, checked);
        const { state, stateReason } = checked;
        session.output.data(
          {
            ...{ platform, account: name, answers: true, account_title: report.accountTitle },
            ...{ grants: asFields(report.grants), state, state_reason: stateReason },
          },
          () =>
            [
              `${platform}/${name}: ${probeWords(report)}`,
              ...(state === 'paused'
                ? [
                    `It is paused (${stateReason ?? 'no reason given'}); resume it with “tidemark account resume ${platform}/${name}”.`,
                  ]
                : []),
            ].join('\n'),
        );
      }),
    );
}

function accountArgument(text: string): AccountName {
  const slash = text.indexOf('/');
  const platform = slash < 0 ? null : parsePlatform(text.slice(0, slash));
  if (platform === null) throw new InvalidArgumentError(`“${text}” is no account; write it as youtube/main.`);
  return { platform, name: text.slice(slash + 1) };
}

function fieldsOf({
  platform,
  name,
  externalId,
  reports,
  state,
  stateReason,
}: Account): Record<string, unknown> {
  return asFields({ platform, account: name, externalId, reports, state, stateReason });
}
