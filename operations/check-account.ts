/** Whether an account's platform answers for it: as little is asked as tells so. */
import type { Clock, QuotaGate } from '../contracts/ports.js';
import type { ProbeReport, Source } from '../sources/source.js';
import type { Account } from '../store/accounts.js';

export interface AccountProbeDeps {
  clock: Clock;
  /** Throws UnsupportedError for a platform without a source, AuthError without a credential. */
  sourceFor: (account: Account) => Source;
}

const deadlineMs = 15_000;
const ungated: QuotaGate = { reserve: () => Promise.resolve(), exhausted: () => Promise.resolve() };

/** @throws SourceError */
export async function probeAccount(
  { clock, sourceFor }: AccountProbeDeps,
  account: Account,
): Promise<ProbeReport> {
  return sourceFor(account).probe({
    // A handful of units, asked for by a person: they are not held against the schedules' share.
    quota: ungated,
    signal: AbortSignal.timeout(deadlineMs),
    clock,
    deadlineMs,
  });
}

/** In words: `Channel title, batchGetStats: yes, popularity: not known`. */
export function probeWords({ accountTitle, grants }: ProbeReport): string {
  const told = Object.entries(grants).map(([name, granted]) => `${name}: ${grantWord(granted)}`);
  return [accountTitle ?? 'answers', ...told].join(', ');
}

function grantWord(granted: boolean | null): string {
  if (granted === null) return 'not known';
  return granted ? 'yes' : 'no';
}
