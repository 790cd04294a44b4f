import { describe, expect, it } from 'vitest';
import { exitCodes, gravest } from '../../../cli/exit-codes.js';
import { CommandError } from '../../../cli/command-error.js';
import { exitCodeOfKind, kindOfType, tellFailure } from '../../../cli/failures.js';
import { exitCodeOf } from '../../../cli/follow.js';
import type { EndedRun } from '../../../cli/wait.js';
import { failureTypes, type FailureKind } from '../../../contracts/failures.js';
import { noRows } from '../../../contracts/records.js';
import { OperationError } from '../../../operations/errors.js';
import { ServerStartError, UnreachableError } from '../../../runtime/errors.js';
import { AlreadyRunningError } from '../../../runtime/state.js';
import { BadInputError } from '../../../services/bad-input.js';
import { FileFormatError } from '../../../sources/files/file-format-error.js';
import { AuthError, QuotaError, UnsupportedError } from '../../../sources/errors.js';
import { StoreError } from '../../../store/errors.js';

const mend = 'Check it.';

describe('what an error means to the shell', () => {
  it.each<[error: unknown, exitCode: number, mend: RegExp | undefined]>([
    [new CommandError('No.', exitCodes.notFound, mend), 3, /^Check it\.$/],
    [new OperationError('usage', 'No.', mend), 2, /^Check it\.$/],
    [new OperationError('conflict', 'No.'), 7, undefined],
    [new StoreError('unreachable', 'No.'), 5, /DATABASE_URL/],
    [new StoreError('accessDenied', 'No.'), 5, /password/],
    [new StoreError('notFound', 'No.'), 3, /list/],
    [new StoreError('rejected', 'No.', { hint: mend }), 4, /^Check it\.$/],
    [new StoreError('conflict', 'No.'), 7, undefined],
    [new StoreError('newerDatabase', 'No.'), 7, undefined],
    [new StoreError('notMigrated', 'No.'), 1, /tidemark migrate/],
    [new StoreError('internal', 'No.'), 1, undefined],
    [new AuthError('No.'), 1, /credential/],
    [new QuotaError('No.', 'daily', new Date(0)), 8, undefined],
    [new UnsupportedError('No.'), 2, undefined],
    [new BadInputError('No.'), 2, undefined],
    [new AlreadyRunningError('/somewhere', 7), 7, undefined],
    [new Error('No.'), 1, undefined],
    ['No.', 1, undefined],
  ])('%s', (error, exitCode, expected) => {
    const told = tellFailure(error);
    expect(told.exitCode).toBe(exitCode);
    expect(told.message).not.toBe('');
    if (expected === undefined) expect(told.mend).toBeUndefined();
    else expect(told.mend).toMatch(expected);
  });

  it.each([
    new UnreachableError('Postgres', 'somewhere', 'refused', mend),
    new ServerStartError('Postgres', 'no room', mend),
    new FileFormatError('a.csv', 1, 'prose', 'a CSV', mend),
  ])('says the mend apart, and once: %s', (error) => {
    const told = tellFailure(error);
    expect(told.mend).toBe(mend);
    expect(told.message).not.toContain(mend);
  });

  it('says all of several', () => {
    const error = new AggregateError(
      [new Error('the one'), new Error('the other')],
      'Not everything stopped',
    );
    expect(tellFailure(error).message).toBe('Not everything stopped\n  the one\n  the other');
  });
});

describe('what a run means to the shell', () => {
  const succeeded = (result: unknown): EndedRun => ({
    state: 'succeeded',
    result,
    failureKind: null,
    message: null,
    parkedUntil: null,
  });
  const failed = (failureKind: FailureKind | null): EndedRun => ({
    ...succeeded(null),
    state: 'failed',
    failureKind,
  });

  it.each<[what: string, run: EndedRun, exitCode: number]>([
    ['well', succeeded({ counts: noRows }), 0],
    ['without a result', succeeded(null), 0],
    ['rows in quarantine', succeeded({ counts: { ...noRows, inserted: 5, quarantined: 1 } }), 4],
    ['days that failed', succeeded({ failed: 2, counts: noRows }), 6],
    ['a step that failed', succeeded({ steps: [{ state: 'succeeded' }, { state: 'failed' }] }), 6],
    ['steps that failed', succeeded({ failedSteps: 1 }), 6],
    ['cancelled', succeeded({ state: 'cancelled', failed: 0 }), 1],
    ['parked', { ...succeeded(null), state: 'parked', failureKind: 'quota' }, 8],
    ['a quota', failed('quota'), 8],
    ['a credential', failed('auth'), 1],
    ['nonsense', failed('malformed'), 1],
    ['a file', failed('badInput'), 4],
    ['a platform away', failed('transient'), 5],
    ['a database away', failed('database'), 5],
    ['something missing', failed('notFound'), 3],
    ['a stranger', failed(null), 1],
  ])('%s', (_what, run, exitCode) => {
    expect(exitCodeOf(run)).toBe(exitCode);
  });

  it('knows every failure type by its kind', () => {
    for (const [kind, type] of Object.entries(failureTypes)) expect(kindOfType(type)).toBe(kind);
    expect(kindOfType('SomebodyElses')).toBeNull();
    expect(exitCodeOfKind(null)).toBe(1);
  });

  it('ends with the gravest of several', () => {
    expect(gravest([])).toBe(0);
    expect(gravest([0, 6, 0])).toBe(6);
    expect(gravest([8, 4, 6])).toBe(8);
    expect(gravest([1, 8])).toBe(1);
  });
});
