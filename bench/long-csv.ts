/** A long CSV as the load bench reads it: five lines a snapshot, an hour apart. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

const metrics = ['views', 'likes', 'comments', 'shares', 'saves'] as const;
const firstInstant = Date.UTC(2025, 0, 1);
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const flushBytes = 1 << 20;

export interface LongCsvShape {
  lines: number;
  contents: number;
}

/** Days that the file's instants fall on, in UTC. */
export function daysOf({ lines, contents }: LongCsvShape): string[] {
  const hours = Math.ceil(lines / metrics.length / contents);
  return Array.from({ length: Math.ceil(hours / 24) }, (_, day) =>
    new Date(firstInstant + day * dayMs).toISOString().slice(0, 10),
  );
}

/** Writes the file: contents in turn, hour after hour, their counters growing at different speeds. */
export async function writeLongCsv(path: string, { lines, contents }: LongCsvShape): Promise<void> {
  const stream = createWriteStream(path);
  let text = 'platform,external_id,metric,value,recorded_at\n';
  for (let snapshot = 0; snapshot * metrics.length < lines; snapshot++) {
    const content = snapshot % contents;
    const hour = Math.floor(snapshot / contents);
    const at = new Date(firstInstant + hour * hourMs).toISOString();
    metrics.forEach((metric, rank) => {
      const value = 1_000 * (rank + 1) + hour * (17 + content) * (metrics.length - rank);
      text += `youtube,video${String(content).padStart(6, '0')},${metric},${value},${at}\n`;
    });
    if (text.length < flushBytes) continue;
    if (!stream.write(text)) await once(stream, 'drain');
    text = '';
  }
  stream.end(text);
  await once(stream, 'finish');
}
