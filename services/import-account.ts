import type { Pool } from 'pg';
import type { ImportFileInput } from '../contracts/runs.js';
import { parsePlatform, type Platform } from '../contracts/vocabulary.js';
import { listAccounts } from '../store/accounts.js';
import { BadInputError } from './bad-input.js';

/** Whose streams the daily files tell. */
const dailyStreamsPlatform: Platform = 'spotify';

/**
 * The id of the account that an import names, as `main` or `spotify/main`; null where it names none.
 * @throws BadInputError for a name that fits no account, or several
 */
export async function importAccountId(
  pool: Pool,
  { account, format }: Pick<ImportFileInput, 'account' | 'format'>,
): Promise<number | null> {
  if (account === null) return null;
  const slash = account.indexOf('/');
  const told = slash < 0 ? null : parsePlatform(account.slice(0, slash));
  const name = told === null ? account : account.slice(slash + 1);
  const platform = told ?? (format === 'daily-streams' ? dailyStreamsPlatform : null);
  const fitting = (await listAccounts(pool, platform === null ? {} : { platform })).filter(
    (candidate) => candidate.name === name,
  );
  if (fitting.length > 1)
    throw new BadInputError(
      `Several accounts are called «${name}»: name one as ${fitting.map((one) => `${one.platform}/${one.name}`).join(' or ')}`,
    );
  const [found] = fitting;
  if (found === undefined) throw new BadInputError(`There is no account «${account}»`);
  return found.id;
}
