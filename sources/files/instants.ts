const microsPerSecond = 1_000_000;
const secondsPerDay = 86_400;
const zero = 48;
const monthLengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function digit(bytes: Uint8Array, at: number): number {
  const value = bytes[at]! - zero;
  return value >= 0 && value <= 9 ? value : Number.NaN;
}

function pair(bytes: Uint8Array, at: number): number {
  return digit(bytes, at) * 10 + digit(bytes, at + 1);
}

/**
 * Days from the Unix epoch to a date of the proleptic Gregorian calendar, by counting from 1 March of year 0
 * in eras of 400 years; NaN where there is no such date.
 */
export function daysFromCivil(year: number, month: number, day: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const length = month === 2 && !leap ? 28 : monthLengths[month - 1];
  if (length === undefined || !(day >= 1 && day <= length)) return Number.NaN;
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/**
 * Reads an instant as microseconds since the Unix epoch: `2026-01-05`, `2026-01-05T17:00`, with seconds and a
 * fraction of up to six digits (more are cut), a space instead of the T, and a zone `Z`, `+07`, `+0700` or
 * `+07:00`; without one it is UTC. NaN where it is none.
 */
export function parseInstantMicros(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 10 || bytes[start + 4] !== 45 || bytes[start + 7] !== 45) return Number.NaN;
  const year = pair(bytes, start) * 100 + pair(bytes, start + 2);
  const days = daysFromCivil(year, pair(bytes, start + 5), pair(bytes, start + 8));
  let at = start + 10;
  if (at === end) return days * secondsPerDay * microsPerSecond;
  const separator = bytes[at]!;
  if ((separator !== 84 && separator !== 116 && separator !== 32) || end - at < 6) return Number.NaN;
  const hour = pair(bytes, at + 1);
  const minute = pair(bytes, at + 4);
  if (bytes[at + 3] !== 58 || !(hour <= 23) || !(minute <= 59)) return Number.NaN;
  at += 6;
  let second = 0;
  let fraction = 0;
  if (at < end && bytes[at] === 58) {
    if (end - at < 3) return Number.NaN;
    second = pair(bytes, at + 1);
    if (!(second <= 59)) return Number.NaN;
    at += 3;
    if (at < end && (bytes[at] === 46 || bytes[at] === 44)) {
      at++;
      const first = at;
      for (let unit = 100_000; at < end; at++, unit = Math.floor(unit / 10)) {
        const value = digit(bytes, at);
        if (Number.isNaN(value)) break;
        fraction += value * unit;
      }
      if (at === first) return Number.NaN;
    }
  }
  const zone = zoneSeconds(bytes, at, end);
  return (days * secondsPerDay + hour * 3600 + minute * 60 + second - zone) * microsPerSecond + fraction;
}

function zoneSeconds(bytes: Uint8Array, start: number, end: number): number {
  if (start === end) return 0;
  const sign = bytes[start]!;
  if ((sign === 90 || sign === 122) && end === start + 1) return 0;
  if (sign !== 43 && sign !== 45) return Number.NaN;
  const length = end - start;
  const hours = length >= 3 ? pair(bytes, start + 1) : Number.NaN;
  let minutes = Number.NaN;
  if (length === 3) minutes = 0;
  else if (length === 5) minutes = pair(bytes, start + 3);
  else if (length === 6 && bytes[start + 3] === 58) minutes = pair(bytes, start + 4);
  if (!(hours <= 15) || !(minutes <= 59)) return Number.NaN;
  return (sign === 45 ? -1 : 1) * (hours * 3600 + minutes * 60);
}
