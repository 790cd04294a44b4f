import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { assertPayloadFits, givenBack, toFailure } from '../../../activities/failures.js';
import { failureTypes } from '../../../contracts/failures.js';
import { payloadCapBytes } from '../../../contracts/payload-cap.js';
import { noRows } from '../../../contracts/records.js';
import { BadInputError } from '../../../services/bad-input.js';
import { CollectionInterrupted } from '../../../services/collect-progress.js';
import {
  AuthError,
  MalformedError,
  NotFoundError,
  QuotaError,
  RateError,
  TransientError,
  UnsupportedError,
} from '../../../sources/errors.js';
import { FileFormatError } from '../../../sources/files/file-format-error.js';
import { StoreError, type StoreErrorCode } from '../../../store/errors.js';

const clock = { now: () => new Date() };
const resetsAt = new Date(Date.now() + 3_600_000);
const store = (code: StoreErrorCode): StoreError => new StoreError(code, 'something');

describe('toFailure', () => {
  it.each([
    [new AuthError('revoked'), failureTypes.auth, true],
    [new QuotaError('empty', 'data', resetsAt), failureTypes.quota, true],
    [new RateError('slow down', 5_000), failureTypes.rate, true],
    [new NotFoundError('no channel'), failureTypes.notFound, true],
    [new UnsupportedError('no such report'), failureTypes.unsupported, true],
    [new MalformedError('HTML'), failureTypes.malformed, false],
    [new TransientError('503'), failureTypes.transient, false],
    [new BadInputError('no such account'), failureTypes.badInput, true],
    [new FileFormatError('a.csv', 1, 'nothing', 'a header', 'Add one.'), failureTypes.badInput, true],
    [Object.assign(new Error('no such file'), { code: 'ENOENT' }), failureTypes.badInput, true],
    [store('unreachable'), failureTypes.database, false],
    [store('busy'), failureTypes.database, false],
    [store('cancelled'), failureTypes.database, false],
    [store('accessDenied'), failureTypes.database, true],
    [store('notMigrated'), failureTypes.database, true],
    [store('notFound'), failureTypes.notFound, true],
    [store('rejected'), failureTypes.badInput, true],
    [store('conflict'), failureTypes.badInput, true],
    [new Error('a slip of ours'), failureTypes.internal, false],
    ['thrown as text', failureTypes.internal, false],
  ])('gives %s the type %s', (error, type, nonRetryable) => {
    expect(toFailure(error, clock)).toMatchObject({ type, nonRetryable });
  });

  it('tells when a call may be made again, and what was committed before the wait', () => {
    const progress = { step: 2, offset: 0, counts: noRows, coveredDays: 2, warnings: [] };
    const failure = toFailure(new CollectionInterrupted(new RateError('slow down', 60_000), progress), clock);
    const [wait] = failure.details as [{ retryAt: string; progress: unknown }];
    expect(Date.parse(wait.retryAt) - Date.now()).toBeGreaterThan(55_000);
    expect(wait.progress).toEqual(progress);
    expect(failure.type).toBe(failureTypes.rate);
  });

  it('reckons a quota’s reset on the system’s clock while the program’s own stands still', () => {
    const standing = { now: () => new Date('2026-01-05T00:00:00Z') };
    const failure = toFailure(new QuotaError('empty', 'data', new Date('2026-01-05T08:00:00Z')), standing);
    const [wait] = failure.details as [{ retryAt: string }];
    const hours = (Date.parse(wait.retryAt) - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(7.9);
    expect(hours).toBeLessThanOrEqual(8);
  });

  it('waits as long as a platform that is down asks to', () => {
    expect(toFailure(new TransientError('503', {}, 7_000), clock).nextRetryDelay).toBe(7_000);
  });

  it('takes secrets out of message and cause', () => {
    const canary = 'AIzaSyCanaryCanaryCanaryCanaryCanary12';
    const inner = new Error(`GET https://youtube.googleapis.com/v3?key=${canary}`);
    const failure = toFailure(new Error(`failed: ?key=${canary}`, { cause: inner }), clock);
    expect(failure.message).not.toContain(canary);
    expect(JSON.stringify([failure.cause?.message, failure.cause?.stack])).not.toContain(canary);
    expect((failure.cause?.cause as Error).message).not.toContain(canary);
  });

  it('leaves a failure that was built here as it is', () => {
    const failure = givenBack();
    expect(toFailure(failure, clock)).toBe(failure);
    expect(failure.nonRetryable).toBe(false);
  });
});

describe('assertPayloadFits', () => {
  it('takes what is at the cap and refuses what is over it, once and for all', () => {
    assertPayloadFits('It', 'x'.repeat(payloadCapBytes - 2));
    assertPayloadFits('It', undefined);
    expect(() => assertPayloadFits('It', 'x'.repeat(payloadCapBytes))).toThrow(ApplicationFailure);
    expect(() => assertPayloadFits('It', 'é'.repeat(payloadCapBytes / 2))).toThrow(/over the cap/);
  });
});
