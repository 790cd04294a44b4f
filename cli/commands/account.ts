import { InvalidArgumentError, type Command } from 'commander';
import { parsePlatform, type Platform } from '../../contracts/vocabulary.js';
import { getAccount, listAccounts, resumeAccount, type Account } from '../../store/accounts.js';
import { asFields } from '../fields.js';
import { table } from '../output.js';
import { withSession } from '../session.js';

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
