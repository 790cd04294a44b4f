import { describe, expect, it } from 'vitest';
import { QuotaError } from '../../../sources/errors.js';
import { googleError, nextQuotaReset } from '../../../sources/youtube/errors.js';

const now = new Date('2026-01-15T20:00:00Z');

function refused(status: number, body: unknown, retryAfter: string | null = null) {
  return googleError({ operation: 'YouTube videos.list', bucket: 'data', status, retryAfter, body, now });
}
function told(reason: string, code = 403, message = 'words') {
  return { error: { code, message, errors: [{ message, domain: 'd', reason }] } };
}

describe('googleError', () => {
  it.each([
    [403, 'quotaExceeded', 'quota'],
    [429, 'quotaExceeded', 'quota'],
    [403, 'dailyLimitExceeded', 'quota'],
    [403, 'rateLimitExceeded', 'rate'],
    [403, 'userRateLimitExceeded', 'rate'],
    [429, 'RESOURCE_EXHAUSTED', 'rate'],
    [400, 'keyInvalid', 'auth'],
    [401, 'authError', 'auth'],
    [403, 'forbidden', 'auth'],
    [403, 'accessNotConfigured', 'auth'],
    [404, 'playlistNotFound', 'notFound'],
    [400, 'badRequest', 'unsupported'],
    [400, 'invalidPageToken', 'transient'],
    [500, 'backendError', 'transient'],
    [503, 'backendError', 'transient'],
    [408, 'timeout', 'transient'],
  ])('takes %d %s for %s', (status, reason, kind) => {
    const error = refused(status, told(reason, status));
    expect(error.kind).toBe(kind);
    expect(error).toMatchObject({ status, reason });
    expect(error.message).toContain(`YouTube videos.list was answered ${status} (${reason}`);
  });

  it('finds the reason of a wrong key among the details', () => {
    const body = {
      error: {
        code: 400,
        message: 'API key not valid. Please pass a valid API key.',
        errors: [{ message: 'API key not valid.', domain: 'global', reason: 'badRequest' }],
        status: 'INVALID_ARGUMENT',
        details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }],
      },
    };
    expect(refused(400, body).kind).toBe('auth');
  });

  it.each([
    [502, '<html>Bad Gateway</html>', 'transient'],
    [404, '<html>Not Found</html>', 'notFound'],
    [401, '', 'auth'],
    [429, '', 'rate'],
    [403, '<html>Blocked</html>', 'malformed'],
    [400, undefined, 'malformed'],
    [302, '', 'malformed'],
  ])('takes %d with %j for %s', (status, body, kind) => {
    expect(refused(status, body).kind).toBe(kind);
  });

  it('carries the reset of the quota and the wish to wait', () => {
    const quota = refused(403, told('quotaExceeded'));
    expect(quota).toBeInstanceOf(QuotaError);
    expect(quota).toMatchObject({ resetsAt: new Date('2026-01-16T08:00:00Z') });
    expect(refused(429, told('x'), '13749')).toMatchObject({ retryAfterMs: 13_749_000 });
    expect(refused(429, told('x'))).toMatchObject({ retryAfterMs: null });
    expect(refused(503, told('x'), '3')).toMatchObject({ retryAfterMs: 3_000 });
  });
});

it.each([
  ['2026-01-15T07:59:59Z', '2026-01-15T08:00:00.000Z'],
  ['2026-01-15T08:00:00Z', '2026-01-16T08:00:00.000Z'],
  // 8 March has 23 hours in Los Angeles, 1 November has 25.
  ['2026-03-08T09:00:00Z', '2026-03-09T07:00:00.000Z'],
  ['2026-11-01T12:00:00Z', '2026-11-02T08:00:00.000Z'],
])('at %s the quota fills again at %s', (at, reset) => {
  expect(nextQuotaReset(new Date(at)).toISOString()).toBe(reset);
});
