/** Reads `.env` beside the program: `NAME=value` lines, `#` comments, values quoted or bare. */
import { existsSync, readFileSync } from 'node:fs';

/**
 * The environment with what the file adds. A variable that is set already keeps its value, so the file is
 * weaker than the shell.
 *
 * @throws Error naming the first line that is none of the above.
 */
export function withEnvFile(environment: NodeJS.ProcessEnv, path: string): NodeJS.ProcessEnv {
  if (!existsSync(path)) return environment;
  return { ...parseEnvFile(readFileSync(path, 'utf8'), path), ...definedIn(environment) };
}

function definedIn(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined));
}

/** Names and values in the text of an environment file; later lines win. */
export function parseEnvFile(text: string, path: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const match = /^(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*)$/.exec(line);
    if (match === null) throw new Error(`${path}, line ${index + 1}: expected NAME=value`);
    values[match[1]!] = unquote(match[2]!);
  }
  return values;
}

function unquote(value: string): string {
  const quoted = /^(["'])(.*)\1(?:\s+#.*)?$/.exec(value);
  if (quoted === null) return value.replace(/\s+#.*$/, '');
  return quoted[1] === '"' ? quoted[2]!.replaceAll('\\n', '\n').replaceAll('\\"', '"') : quoted[2]!;
}
