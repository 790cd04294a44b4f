import { describe, expect, it } from 'vitest';
import { spotifyError } from '../../../sources/spotify/errors.js';

const now = new Date('2026-01-15T20:00:00Z');

function refused(status: number, body: unknown, retryAfter: string | null = null) {
  return spotifyError({ operation: 'Spotify track', status, retryAfter, body, answeredAt: now, now });
}

describe('spotifyError', () => {
  it.each([
    [429, { error: { status: 429, message: 'API rate limit exceeded' } }, 'rate'],
    [429, {}, 'rate'],
    [429, undefined, 'rate'],
    [429, { error: { status: 429, message: 'Quota exceeded', reason: 'QUOTA_EXCEEDED' } }, 'quota'],
    [401, { error: { status: 401, message: 'The access token expired' } }, 'auth'],
    [403, { error: { status: 403, message: 'Forbidden' } }, 'auth'],
    [403, undefined, 'malformed'],
    [404, { error: { status: 404, message: 'Resource not found' } }, 'notFound'],
    [400, { error: { status: 400, message: 'Invalid limit' } }, 'unsupported'],
    [502, undefined, 'transient'],
    [503, { error: { status: 503, message: 'Service unavailable' } }, 'transient'],
  ])('takes %d %j for %s', (status, body, kind) => {
    const error = refused(status, body);
    expect(error.kind).toBe(kind);
    expect(error.answeredAt).toEqual(now);
  });

  it('waits as long as it is told, however long, and knows when it was told nothing', () => {
    expect(refused(429, {}, '13749')).toMatchObject({ retryAfterMs: 13_749_000 });
    expect(refused(429, {}, '0')).toMatchObject({ retryAfterMs: 0 });
    expect(refused(429, {})).toMatchObject({ retryAfterMs: null });
  });

  it('takes a quota to fill again when it is told, or at midnight UTC', () => {
    const body = { error: { reason: 'QUOTA_EXCEEDED' } };
    expect(refused(429, body, '3600')).toMatchObject({ resetsAt: new Date('2026-01-15T21:00:00.000Z') });
    expect(refused(429, body)).toMatchObject({ resetsAt: new Date('2026-01-16T00:00:00.000Z') });
  });
});
