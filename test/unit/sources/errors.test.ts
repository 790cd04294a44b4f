import { describe, expect, it } from 'vitest';
import { AuthError, MalformedError, QuotaError, RateError, TransientError } from '../../../sources/errors.js';
import { redactText } from '../../../sources/transport/redact.js';

const secret = 'AIzaSyCANARY-0123456789';

describe('redactText', () => {
  it.each([
    `request to https://youtube.googleapis.com/youtube/v3/videos?part=id&key=${secret} failed`,
    `https://user:${secret}@example.org/path`,
    `authorization: Bearer ${secret}`,
    `Basic ${secret}==`,
    `{"access_token":"${secret}","expires_in":3599}`,
    `client_secret=${secret}&grant_type=refresh_token`,
    `refresh_token: '${secret}'`,
  ])('leaves no secret in %j', (text) => {
    expect(redactText(text)).not.toContain('CANARY');
  });

  it('keeps what is no secret, and bounds it', () => {
    expect(redactText('YouTube videos.list was answered 403 (quotaExceeded)')).toBe(
      'YouTube videos.list was answered 403 (quotaExceeded)',
    );
    expect(redactText('Google token: no complete answer')).toBe('Google token: no complete answer');
    expect(redactText('https://example.org/a/b?key=1 is gone')).toBe('https://example.org/a/b is gone');
    expect(redactText('x'.repeat(10_000)).length).toBeLessThan(600);
  });
});

describe('SourceError', () => {
  it('tells its kind, name and details', () => {
    const resetsAt = new Date('2026-03-02T08:00:00Z');
    const quota = new QuotaError('empty', 'data', resetsAt, { status: 403, reason: 'quotaExceeded' });
    expect(quota).toMatchObject({
      kind: 'quota',
      name: 'QuotaError',
      bucket: 'data',
      resetsAt,
      status: 403,
      reason: 'quotaExceeded',
      answeredAt: null,
    });
    expect(new RateError('slow down', null).retryAfterMs).toBeNull();
    expect(new AuthError('no').status).toBeNull();
  });

  it('copies causes without what hangs on them, down the chain', () => {
    const inner = Object.assign(new Error(`connect to https://h/?key=${secret}`), { code: 'ECONNRESET' });
    const outer = Object.assign(new Error('failed', { cause: inner }), {
      config: { headers: { authorization: `Bearer ${secret}` } },
    });
    const error = new TransientError(`gone: https://h/?key=${secret}`, { cause: outer });
    const cause = error.cause as Error;
    expect(cause.message).toBe('failed');
    expect(cause).not.toHaveProperty('config');
    expect(cause.cause).toMatchObject({ message: 'connect to https://h/', code: 'ECONNRESET' });
    const everything = [error, cause, cause.cause as Error].map(
      (at) => `${at.message} ${at.stack ?? ''} ${JSON.stringify(at)}`,
    );
    expect(everything.join('\n')).not.toContain('CANARY');
  });

  it('keeps a cause that is a source error, and takes one that is no error', () => {
    const first = new MalformedError('half of it');
    expect(new TransientError('again', { cause: first }).cause).toBe(first);
    expect((new TransientError('again', { cause: `key=${secret}` }).cause as Error).message).toBe('key=…');
  });
});
