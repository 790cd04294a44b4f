const iso8601 = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
const protobuf = /^(\d+(?:\.\d{1,9})?)s$/;

/**
 * Seconds of a video's length: ISO 8601 as videos.list tells it (`PT4M13S`, `P1DT2H`) or a protobuf duration as
 * batchGetStats does (`253s`).
 * @returns null for anything else, and for the `P0D` of a broadcast that has no length yet
 */
export function parseDuration(text: string): number | null {
  const plain = protobuf.exec(text);
  if (plain !== null) return Number(plain[1]);
  const parts = iso8601.exec(text);
  if (parts === null || text === 'P' || text.endsWith('T')) return null;
  const [weeks, days, hours, minutes, seconds] = parts.slice(1).map((part) => Number(part || 0));
  const total = (((weeks! * 7 + days!) * 24 + hours!) * 60 + minutes!) * 60 + seconds!;
  return total === 0 ? null : total;
}
