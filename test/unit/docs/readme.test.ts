import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../../../cli/program.js';
import { failureTypes } from '../../../contracts/failures.js';
import { searchAttributes } from '../../../contracts/search-attributes.js';
import { settingNames, settingOf } from '../../../runtime/settings.js';

// Columns are padded; what they hold is what counts.
const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8').replace(/ +/g, ' ');

describe('the README', () => {
  it('has every setting with its default and what it is', () => {
    const missing = settingNames.filter((name) => {
      const row = readme.split('\n').find((line) => line.startsWith(`| \`${name}\` |`));
      const { about, fallback, kind } = settingOf(name);
      return (
        row === undefined ||
        !row.includes(about) ||
        (fallback !== null && !row.includes(kind.write(fallback)))
      );
    });
    expect(missing).toEqual([]);
  });

  it('has every failure type and search attribute', () => {
    const names = [...Object.values(failureTypes), ...Object.values(searchAttributes)];
    expect(names.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
  });

  it('names no command that the program lacks', async () => {
    const program = await buildProgram(() => undefined, 'all');
    const unknown = [...readme.matchAll(/^npx tidemark (\w[\w-]*)(?: (\w[\w-]*))?/gm)].filter(
      ([, name, sub]) => {
        const command = program.commands.find((candidate) => candidate.name() === name);
        if (command === undefined) return true;
        return command.commands.length > 0 && sub !== undefined
          ? !command.commands.some((candidate) => candidate.name() === sub)
          : false;
      },
    );
    expect(unknown.map(([line]) => line)).toEqual([]);
  });
});
