import { dayNumber, dayText } from './calendar.js';
import type { GeneratedWorld } from './generated-world.js';

/** Files of streams as people download them; the Web API tells no stream counts. */
export interface ExportFile {
  name: string;
  text: string;
}

export interface ExportRange {
  /** ISO days, the last one included; the world's first and last day by default. */
  from?: string;
  through?: string;
}

function* daysOf(world: GeneratedWorld, range: ExportRange): Generator<number> {
  const last = dayNumber(range.through ?? world.lastDay);
  for (let day = dayNumber(range.from ?? world.firstDay); day <= last; day += 1) yield day;
}

/** One file a UTC day over all tracks out by then: `TRACK_ID,TOTAL_STREAM,DAILY_STREAM`, lines ending in CRLF. */
export function* dailyStreamFiles(world: GeneratedWorld, range: ExportRange = {}): Generator<ExportFile> {
  for (const day of daysOf(world, range)) {
    const lines = ['TRACK_ID,TOTAL_STREAM,DAILY_STREAM'];
    for (const { trackId } of world.releases) {
      const streams = world.spotify.streams(trackId, day);
      if (streams !== null) lines.push(`${trackId},${String(streams.total)},${String(streams.daily)}`);
    }
    yield { name: `STREAMS_${dayText(day).replaceAll('-', '_')}.csv`, text: `${lines.join('\r\n')}\r\n` };
  }
}

/**
 * One file a track as Spotify for Artists writes it: a byte-order mark, `date,streams`, UTC days. Which song
 * it is stands in the file's name alone.
 */
export function* artistExportFiles(world: GeneratedWorld, range: ExportRange = {}): Generator<ExportFile> {
  for (const { title, trackId } of world.releases) {
    const lines = ['date,streams'];
    for (const day of daysOf(world, range)) {
      const streams = world.spotify.streams(trackId, day);
      if (streams !== null) lines.push(`${dayText(day)},${String(streams.daily)}`);
    }
    if (lines.length > 1) yield { name: `${title}-timeline.csv`, text: `\uFEFF${lines.join('\n')}\n` };
  }
}
