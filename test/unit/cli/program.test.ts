import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../../../cli/program.js';
import { rootCommand } from '../../../cli/root-command.js';

interface Leaf {
  name: string;
  command: Command;
}

function leavesOf(command: Command, path: readonly string[] = []): Leaf[] {
  const name = [...path, command.name()];
  if (command.commands.length === 0) return [{ name: name.join(' '), command }];
  return command.commands.flatMap((child) => leavesOf(child, name));
}

/** Flags that a command shares with the program, which takes them wherever they stand, before the command can. */
function takenFlags(program: Command): string[] {
  const global = program.options.flatMap(({ short, long }) => [short, long]).filter((flag) => flag != null);
  return leavesOf(program).flatMap(({ name, command }) =>
    command.options
      .flatMap(({ short, long }) => [short, long])
      .filter((flag) => flag != null && global.includes(flag))
      .map((flag) => `${name} ${String(flag)}`),
  );
}

describe('the commands', () => {
  it('have no option that the program itself takes from them', () => {
    expect(leavesOf(buildProgram(() => undefined)).length).toBeGreaterThan(60);
    expect(takenFlags(buildProgram(() => undefined))).toEqual([]);
  });

  it('would be caught with one', () => {
    const program = rootCommand();
    program.command('run').command('list').option('--state-directory <one>', 'of its own');
    expect(takenFlags(program)).toEqual(['tidemark run list --state-directory']);
  });
});
