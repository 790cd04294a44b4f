/** A long CSV of any length, written as it is made up, with what a database must hold of it. */
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { addDays } from '../../analytics/calendar.js';

export interface LongFile {
  /** Data lines, those that cannot be taken included. */
  lines: number;
  bytes: number;
  snapshots: number;
  /** Lines whose value is no number. */
  poisoned: number;
  contents: number;
  /** Over all snapshots. */
  sumOfViews: number;
}

const contents = 10_000;
const metricsASnapshot = 5;
const linesADay = contents * metricsASnapshot;
/** Snapshots from one poisoned line to the next: its fellow lines are to be taken. */
const poisonEvery = 20_011;
const firstDay = '2024-01-01';

/** @param lines at least; whole days of 10,000 contents are written */
export async function writeLongFile(path: string, lines: number): Promise<LongFile> {
  const days = Math.ceil(lines / linesADay);
  const file = createWriteStream(path, { highWaterMark: 2 ** 20 });
  const told: LongFile = {
    ...{ lines: days * linesADay, bytes: 0, snapshots: days * contents, contents },
    ...{ poisoned: 0, sumOfViews: 0 },
  };
  const write = async (text: string): Promise<void> => {
    told.bytes += Buffer.byteLength(text);
    if (!file.write(text)) await once(file, 'drain');
  };
  await write('platform,external_id,metric,value,recorded_at\n');
  let snapshot = 0;
  for (let day = 0; day < days; day += 1) {
    const at = `${addDays(firstDay, day)}T23:59:59Z`;
    for (let start = 0; start < contents; start += 1_000) {
      let text = '';
      for (let content = start; content < start + 1_000; content += 1) {
        const gained = (content % 97) * day;
        const head = `youtube,video-${String(content).padStart(5, '0')}`;
        const poison = ++snapshot % poisonEvery === 0;
        if (poison) told.poisoned += 1;
        told.sumOfViews += 1_000 + gained * 10;
        text +=
          `${head},views,${1_000 + gained * 10},${at}\n${head},likes,${50 + gained},${at}\n` +
          `${head},comments,${poison ? 'many' : 5 + gained},${at}\n${head},shares,${gained},${at}\n` +
          `${head},watch_time,${(1_500 + gained * 15.5).toFixed(1)},${at}\n`;
      }
      await write(text);
    }
  }
  file.end();
  await finished(file);
  return told;
}
