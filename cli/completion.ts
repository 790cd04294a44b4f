/** Scripts that complete commands and options, made from the commands that there are. */
import type { Command } from 'commander';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** What may follow a command: its own commands and its options. */
interface Place {
  /** The words before, such as `source top`; empty for the program itself. */
  path: string;
  words: { word: string; about: string }[];
}

export function completionScript(program: Command, shell: Shell): string {
  const name = program.name();
  const places = placesOf(program, []);
  if (shell === 'fish') return fishScript(name, places);
  const cases = places.map(
    ({ path, words }) => `    '${path}') words='${words.map(({ word }) => word).join(' ')}' ;;`,
  );
  const body = `_${name}() {
  local words='' path='' word i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    # An option's value is no command, and what is none ends the way.
    case " ${commandPaths(places)} " in
      *" \${path:+\${path// //}/}\${word} "*) path="\${path:+$path }$word" ;;
    esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _${name} ${name}
`;
  return shell === 'bash' ? body : `autoload -U +X bashcompinit && bashcompinit\n${body}`;
}

function placesOf(command: Command, path: readonly string[]): Place[] {
  const options = command.options.flatMap(({ long, description }) =>
    long === undefined ? [] : [{ word: long, about: description }],
  );
  const commands = command.commands.map((one) => ({ word: one.name(), about: one.description() }));
  return [
    { path: path.join(' '), words: [...commands, ...options, { word: '--help', about: 'what it takes' }] },
    ...command.commands.flatMap((one) => placesOf(one, [...path, one.name()])),
  ];
}

function commandPaths(places: readonly Place[]): string {
  return places.map(({ path }) => path.replaceAll(' ', '/')).join(' ');
}

function fishScript(name: string, places: readonly Place[]): string {
  const lines = places.flatMap(({ path, words }) => {
    const seen = path.split(' ').filter((word) => word !== '');
    const here = seen.map((word) => `__fish_seen_subcommand_from ${word}`);
    const below = words.filter(({ word }) => !word.startsWith('-')).map(({ word }) => word);
    const notBelow = below.length === 0 ? [] : [`not __fish_seen_subcommand_from ${below.join(' ')}`];
    const when = [...here, ...notBelow].join('; and ');
    return words.map(({ word, about }) => {
      const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-f -a ${word}`;
      return `complete -c ${name} ${when === '' ? '' : `-n '${when}' `}${what} -d '${about.replaceAll(/['\\]/g, '’')}'`;
    });
  });
  return `${lines.join('\n')}\n`;
}
