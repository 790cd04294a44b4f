import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { asFields, fieldLines } from '../../../cli/fields.js';
import { Output, table } from '../../../cli/output.js';

function streams({ terminal = false } = {}): { stdout: PassThrough; stderr: PassThrough } {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  for (const stream of [stdout, stderr]) Object.assign(stream, { isTTY: terminal });
  return { stdout, stderr };
}
const textOf = (stream: PassThrough): string => String(stream.read() ?? '');

afterEach(() => vi.unstubAllEnvs());

describe('the output of a command', () => {
  it('is a document on one line under --json, and text otherwise', () => {
    const [asked, unasked] = [streams(), streams()];
    new Output({ json: true, quiet: false, ...asked }).data({ n: 1 }, () => 'one');
    new Output({ json: false, quiet: false, ...unasked }).data({ n: 1 }, () => 'one');
    expect([textOf(asked.stdout), textOf(unasked.stdout)]).toEqual(['{"n":1}\n', 'one\n']);
  });

  it('keeps progress off standard error when it is to be quiet, but not errors', () => {
    const quiet = streams();
    const output = new Output({ json: false, quiet: true, ...quiet });
    output.progress('12 of 20 days');
    output.error('It failed.', 'Try again.');
    expect(textOf(quiet.stderr)).toBe('error: It failed.\nmend:  Try again.\n');
    expect(textOf(quiet.stdout)).toBe('');
  });

  it('is coloured on a terminal, unless NO_COLOR is set to anything', () => {
    const errorOn = (terminal: boolean): string => {
      const given = streams({ terminal });
      const output = new Output({ json: false, quiet: false, ...given });
      output.error('It failed.');
      return `${output.heading('Insights')} ${textOf(given.stderr)}`;
    };
    vi.stubEnv('NO_COLOR', '');
    expect(errorOn(true)).toBe('\u001b[1mInsights\u001b[0m \u001b[31merror:\u001b[0m It failed.\n');
    expect(errorOn(false)).toBe('Insights error: It failed.\n');
    vi.stubEnv('NO_COLOR', '0');
    expect(errorOn(true)).toBe('Insights error: It failed.\n');
  });

  it('aligns columns, numbers to the right, what is not told as a dash', () => {
    const text = table(
      ['name', 'days'],
      [
        ['spring', 7],
        ['x', 120],
        ['y', null],
      ],
    );
    expect(text.split('\n')).toEqual([
      'name    days',
      '──────  ────',
      'spring     7',
      'x        120',
      'y          –',
    ]);
    expect(table(['name'], []).split('\n')).toEqual(['name', '────']);
  });
});

describe('fields', () => {
  const at = new Date('2026-01-05T10:00:00Z');

  it('are in snake_case at any depth; values stay', () => {
    const given = {
      workflowId: 'collect/youtube/main',
      days: [{ skipReason: null }],
      startedAt: at,
      counts: {},
    };
    expect(asFields(given)).toEqual({
      workflow_id: 'collect/youtube/main',
      days: [{ skip_reason: null }],
      started_at: at,
      counts: {},
    });
  });

  it('are a line each for a person, without those that are not told', () => {
    const fields = { run: '7', url: null, at, counts: { inserted: 1 }, done: true };
    expect(fieldLines(fields)).toBe(
      'run: 7\nat: 2026-01-05T10:00:00.000Z\ncounts: {"inserted":1}\ndone: true',
    );
  });
});
