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
  it('have no option that the program itself takes from them', async () => {
    const whole = await buildProgram(() => undefined, 'all');
    expect(leavesOf(whole).length).toBeGreaterThan(60);
    expect(takenFlags(whole)).toEqual([]);
  });

  it('are listed alike whether they are loaded or not', async () => {
    const whole = await buildProgram(() => undefined, 'all');
    const named = await buildProgram(() => undefined, []);
    expect(named.helpInformation()).toBe(whole.helpInformation());
    expect(leavesOf(named)).toHaveLength(named.commands.length);
  });

  it('are whole where they are asked for, whatever options stand before, and alone then', async () => {
    const whole = await buildProgram(() => undefined, 'all');
    const loaded = async (...words: string[]): Promise<string[]> =>
      (await buildProgram(() => undefined, words)).commands
        .filter((command) => command.commands.length > 0 || command.options.length > 0)
        .map((command) => command.name());
    for (const { name } of leavesOf(whole)) {
      const [, top, ...below] = name.split(' ');
      const asked = await buildProgram(() => undefined, [top!, ...below]);
      expect(leavesOf(asked).map((leaf) => leaf.name)).toContain(name);
    }
    expect(await loaded('--json', '--state-directory', 'run', 'release', 'list')).toEqual(['release']);
    expect(await loaded('help', 'release')).toEqual(['release']);
    expect(await loaded('analyse', 'forecast')).toEqual(['analyse']);
    expect(await loaded('--help')).toEqual([]);
    expect(await loaded('constructor')).toEqual([]);
    const completed = await buildProgram(() => undefined, ['completion', 'bash']);
    expect(leavesOf(completed)).toHaveLength(leavesOf(whole).length);
  });

  it('would be caught with one', () => {
    const program = rootCommand();
    program.command('run').command('list').option('--state-directory <one>', 'of its own');
    expect(takenFlags(program)).toEqual(['tidemark run list --state-directory']);
  });
});
