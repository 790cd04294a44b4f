import { expect, it } from 'vitest';
import { tokenError } from '../../../sources/token-error.js';

it.each([
  [400, { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' }, 'auth'],
  [400, { error: 'invalid_client', error_description: 'Invalid client secret' }, 'auth'],
  [401, { error: 'invalid_client' }, 'auth'],
  [401, undefined, 'auth'],
  [500, { error: 'internal_failure' }, 'transient'],
  [503, undefined, 'transient'],
  [429, {}, 'rate'],
  [429, undefined, 'rate'],
  [400, undefined, 'malformed'],
])('takes a token refused with %d %j for %s', (status, body, kind) => {
  const refusal = { operation: 'Google token', status, retryAfter: null, body, now: new Date() };
  expect(tokenError(refusal).kind).toBe(kind);
});

it('names what was asked, the platform’s reason and its words', () => {
  const body = { error: 'invalid_grant', error_description: 'Revoked.' };
  const refusal = { operation: 'Google token', status: 400, retryAfter: null, body, now: new Date() };
  expect(tokenError(refusal).message).toBe('Google token was answered 400 (invalid_grant: Revoked.)');
});
