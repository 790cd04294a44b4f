/** Measurements as a plain table on standard error, where progress goes. */
import { table, type Cell } from '../cli/output.js';

/** One table; its columns are the rows' fields. */
export function showTable(title: string, rows: readonly object[]): void {
  const names = Object.keys(rows[0] ?? {});
  const cells = rows.map((row) => Object.values(row) as Cell[]);
  console.error(`\n${title}\n${table(names.map(spaced), cells)}`);
}

/** `pointsPerSecond` as `points per second`, `rssMiB` as `rss MiB`. */
function spaced(name: string): string {
  return name.replace(/[A-Z](?!iB|$)/g, (letter) => ` ${letter.toLowerCase()}`).replace(/MiB$/, ' MiB');
}
