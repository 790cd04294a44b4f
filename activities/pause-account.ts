import type { Platform } from '../contracts/vocabulary.js';
import { getAccount, pauseAccount } from '../store/accounts.js';
import type { ActivityDependencies } from './dependencies.js';

/** Keeps an account from being collected until an operator resumes it; the others go on. */
export function createPauseAccount({ pool }: ActivityDependencies) {
  return async function pauseAccountActivity(input: {
    platform: Platform;
    account: string;
    reason: string;
  }): Promise<void> {
    const account = await getAccount(pool, input.platform, input.account);
    await pauseAccount(pool, account.id, input.reason);
  };
}
