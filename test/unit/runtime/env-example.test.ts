import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseEnvFile, withEnvFile } from '../../../runtime/env-file.js';
import { platformsVariable } from '../../../runtime/read-platform-settings.js';
import { fileVariable } from '../../../runtime/read-settings.js';
import { settingNames, settingOf } from '../../../runtime/settings.js';

const path = new URL('../../../.env.example', import.meta.url).pathname;

describe('.env.example', () => {
  it('holds every setting once, in order, with its default', () => {
    const lines = readFileSync(path, 'utf8').split('\n');
    const assignments = lines.flatMap((line) => {
      const match = /^# ([A-Z][A-Z0-9_]*)=(.*)$/.exec(line);
      return match === null ? [] : [[match[1]!, match[2]!]];
    });
    const expected = settingNames.map((name) => {
      const { fallback, kind } = settingOf(name);
      return [name, fallback === null ? '' : kind.write(fallback)];
    });
    const special = new Set<string>([fileVariable, platformsVariable]);
    expect(assignments.filter(([name]) => !special.has(name!))).toEqual(expected);
    for (const name of special) expect(assignments).toContainEqual([name, '']);
  });

  it('says what each setting is and what it expects', () => {
    const text = readFileSync(path, 'utf8');
    for (const name of settingNames) {
      const { about, kind } = settingOf(name);
      expect(text).toContain(`# ${about} Expects ${kind.expects}.\n# ${name}=`);
    }
  });
});

describe('an environment file', () => {
  it('is read with comments, quotes and exports', () => {
    const text = '\uFEFF# a comment\r\nA=1\n\nexport B = "two words" # why\nC=\'#3\'\nD=bare # why\nE=\nA=9';
    expect(parseEnvFile(text, '.env')).toEqual({ A: '9', B: 'two words', C: '#3', D: 'bare', E: '' });
  });

  it('names the line that it cannot read', () => {
    expect(() => parseEnvFile('A=1\nnonsense', '.env')).toThrow('.env, line 2: expected NAME=value');
  });

  it('is weaker than the shell, and need not be there', () => {
    expect(withEnvFile({ A: 'shell' }, '/nonexistent/.env')).toEqual({ A: 'shell' });
    expect(withEnvFile({ LOG_LEVEL: 'warn', Z: undefined }, path)).toMatchObject({ LOG_LEVEL: 'warn' });
  });
});
