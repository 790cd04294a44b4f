import { describe, expect, it } from 'vitest';
import { inspect } from 'node:util';
import {
  redactConnectionString,
  sanitiseError,
  sanitiseText,
  sanitiseValue,
} from '../../../runtime/sanitise.js';
import { Secret } from '../../../runtime/secret.js';

/** Everything that an error shows of itself: fields, stack and causes. */
function shown(error: Error): string {
  return `${inspect(error, { depth: 12, showHidden: true })} ${JSON.stringify(error)} ${String(error.stack)}`;
}

describe('sanitising text', () => {
  it.each([
    ['https://youtube.googleapis.com/v3/videos?part=id&key=CANARY&id=a', 'part=id'],
    ['https://x.test/cb?code=CANARY&state=1', 'state=1'],
    ['grant_type=refresh_token&refresh_token=CANARY&client_secret=CANARY', 'grant_type=refresh_token'],
    ['Authorization: Bearer CANARY.token-1', 'Authorization'],
    ['authorization: Basic Q0FOQVJZOkNBTkFSWQ==CANARY', 'authorization'],
    ['{"access_token":"CANARY","expires_in":3600}', '"expires_in":3600'],
    ['"{\\"access_token\\":\\"CANARY\\",\\"scope\\":\\"x\\"}"', 'scope'],
    ["{ refresh_token: 'CANARY', kept: 'yes' }", 'yes'],
    ['postgres://user:CANARY@db.test:5432/x', 'db.test:5432/x'],
    ['postgres://user:p@CANARY@db.test/x', 'db.test/x'],
    ['host=db password=CANARY dbname=x', 'dbname=x'],
    ['key AIzaCANARYCANARYCANARYCANARYCANARYCANARY1 refused', 'refused'],
    ['token ya29.CANARY-canary_1 expired', 'expired'],
    ['GOCSPX-CANARY is wrong', 'is wrong'],
    ['1//CANARYCANARYCANARY0 was revoked', 'was revoked'],
    ['eyJCANARYCANARY.eyJzdWIiOiIxIn0.CANARY-1 of', 'of'],
    ['-----BEGIN PRIVATE KEY-----\nCANARY\n-----END PRIVATE KEY----- after', 'after'],
    ['Set-Cookie: session=CANARY; Path=/', 'Set-Cookie'],
    ['x-goog-api-key: CANARY', 'x-goog-api-key'],
  ])('takes the secret out of %s', (text, kept) => {
    const clean = sanitiseText(text);
    expect(clean).not.toContain('CANARY');
    expect(clean).toContain('[redacted]');
    expect(clean).toContain(kept);
  });

  it.each([
    'duplicate key value violates unique constraint "contents_pkey"',
    'Key (id)=(5) already exists.',
    'exit code=1; key=value; code: "23505"',
    'The basic report for the bearer of bad news',
    'https://host.test:8080/a/b?part=id&id=x@y',
    '2026-01-05T17:00:00Z collect/youtube/main/2026-01-05',
  ])('leaves «%s» as it is', (text) => {
    expect(sanitiseText(text)).toBe(text);
  });

  it('finds every secret that was ever held, wherever it stands', () => {
    const held = new Secret('no pattern knows this/one');
    const text = `it read ${held.reveal()} and ${encodeURIComponent(held.reveal())}`;
    expect(sanitiseText(text)).toBe('it read [redacted] and [redacted]');
    const url = new Secret('postgres://u:pa%24%24word-held@db/x');
    expect(sanitiseText('it is pa$$word-held')).toBe('it is [redacted]');
    expect(sanitiseText(`at ${url.reveal()}`)).not.toContain('word-held');
  });
});

describe('sanitising an error', () => {
  it('cleans message, stack, fields, causes and aggregates, and leaves requests and answers behind', () => {
    const cause = Object.assign(new Error('GET https://x.test/?key=CANARY failed'), {
      code: 403,
      status: 403,
      config: { headers: { Authorization: 'Bearer CANARY' } },
      response: { data: 'CANARY' },
      request: { responseURL: 'https://x.test/?key=CANARY' },
      nested: { deep: { access_token: 'CANARY', count: 3 } },
    });
    const error = new AggregateError([new Error('password=CANARY')], 'Bearer CANARY-and-more', { cause });
    const clean = sanitiseError(error);
    expect(shown(clean)).not.toContain('CANARY');
    expect(clean.name).toBe('AggregateError');
    expect(clean.cause).toMatchObject({ code: 403, status: 403, nested: { deep: { count: 3 } } });
    expect(clean.cause).not.toHaveProperty('config');
    expect(clean.cause).not.toHaveProperty('response');
    // The control: unsanitised, the canary is there to be found.
    expect(shown(error)).toContain('CANARY');
  });

  it('keeps the name, the stack’s frames and database codes', () => {
    class Refused extends Error {
      override readonly name = 'Refused';
      readonly code = '23505';
      readonly table = 'contents';
    }
    const clean = sanitiseError(new Refused('duplicate key'));
    expect(clean).toMatchObject({
      name: 'Refused',
      message: 'duplicate key',
      code: '23505',
      table: 'contents',
    });
    expect(clean.stack).toContain('sanitise.test.ts');
  });

  it.each([['a text with ?key=CANARY'], [{ token: 'CANARY' }], [undefined], [null]])(
    'makes an error of %s too',
    (thrown) => {
      expect(shown(sanitiseError(thrown))).not.toContain('CANARY');
    },
  );

  it('survives cycles', () => {
    const error = new Error('round');
    error.cause = error;
    expect(sanitiseError(error).message).toBe('round');
    const fields: Record<string, unknown> = { password: 'CANARY' };
    fields['self'] = fields;
    expect(sanitiseValue(fields)).toEqual({ password: '[redacted]', self: '[told already]' });
  });

  it('describes fields of every kind', () => {
    expect(
      sanitiseValue({
        at: new Date(0),
        big: 5n,
        bytes: Buffer.from('CANARY'),
        map: new Map([['token', 'CANARY']]),
        url: new URL('https://u:CANARY@x.test/'),
        apiKey: 'CANARY',
        hasToken: true,
        tokens: 5,
        err: new Error('Bearer CANARY-1234'),
      }),
    ).toMatchObject({
      at: new Date(0),
      big: '5',
      bytes: '[6 bytes]',
      map: { token: '[redacted]' },
      url: 'https://u:[redacted]@x.test/',
      apiKey: '[redacted]',
      hasToken: true,
      tokens: 5,
      err: { type: 'Error', message: 'Bearer [redacted]' },
    });
  });
});

describe('a connection string', () => {
  it.each([
    ['postgres://u:CANARY@h:1/d', 'postgres://u:[redacted]@h:1/d'],
    ['postgres://u@h/d', 'postgres://u@h/d'],
    ['postgres://h/d?password=CANARY', 'postgres://h/d?password=redacted'],
    ['not an address CANARY', '[redacted]'],
  ])('is shown without its password', (url, expected) => {
    expect(redactConnectionString(url)).toBe(expected);
  });
});
