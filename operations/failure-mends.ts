/** What to do about a failure of a platform, a run or a file, by its kind. */
import type { FailureKind } from '../contracts/failures.js';

const kindMends: Readonly<Partial<Record<FailureKind, string>>> = {
  auth: 'Renew the credential in the settings, then let the account go on with “tidemark account resume”.',
  malformed: 'Look at the platform’s status, and collect again.',
  transient: 'Collect again; look at the platform’s status when it stays.',
  rate: 'Collect again later.',
  database: 'Run “tidemark doctor”.',
  badInput: 'Mend what the message names; nothing was changed.',
};

/** Undefined where nothing is to be done but to read the message. */
export function mendOfKind(kind: FailureKind | null): string | undefined {
  return kind === null ? undefined : kindMends[kind];
}
