/** Writes .env.example and the README's table of settings anew from the settings themselves. */
import { readFile, writeFile } from 'node:fs/promises';
import { settingNames, settingOf } from '../runtime/settings.js';

const head = `# Every setting with its default; copy this file to .env and uncomment what you change.
# A variable of the shell is stronger than this file, and this file than the one that TIDEMARK_CONFIG names.
`;
const special = `# A JSON file of settings: {"CACHE_TTL_SECONDS": 60, "platforms": {"youtube": {"update_frequency_minutes": 30}}}.
# TIDEMARK_CONFIG=
# Overrides by platform, as JSON: what "platforms" is in that file.
# PLATFORM_SETTINGS=
`;
const tableHead = '| Setting | Default | What it is |\n|---|---|---|\n';

let example = head;
let table = tableHead;
let group = '';
for (const name of settingNames) {
  const { about, fallback, kind, group: own } = settingOf(name);
  const told = fallback === null ? '' : kind.write(fallback);
  if (own !== group) {
    example += `\n# ———— ${own}\n${group === '' ? special : ''}`;
    table += `| **${own}** | | |\n`;
    group = own;
  }
  example += `# ${about} Expects ${kind.expects}.\n# ${name}=${told}\n`;
  table += `| \`${name}\` | ${fallback === null ? '' : `\`${told === '' ? ' ' : told}\``} | ${about} |\n`;
}
await writeFile(new URL('../.env.example', import.meta.url), example);

const readmeFile = new URL('../README.md', import.meta.url);
const readme = await readFile(readmeFile, 'utf8');
const before = /\| Setting +\|[^\n]*\n\|[-| ]+\|\n(?:\|[^\n]*\n)*/;
if (!before.test(readme)) throw new Error('README.md has lost its table of settings');
await writeFile(
  readmeFile,
  readme.replace(before, () => table),
);
