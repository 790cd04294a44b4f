const quote = 34;
const comma = 44;

/**
 * Splits one line of comma-separated values into the bytes of its fields, quotes undone. Null where the line
 * is ill-formed: a quote that is not closed on the line, or text after one that is.
 */
export function splitCsvLine(line: Buffer): Buffer[] | null {
  const fields: Buffer[] = [];
  let at = 0;
  for (;;) {
    if (line[at] === quote) {
      const parts: Buffer[] = [];
      for (at++; ;) {
        const close = line.indexOf(quote, at);
        if (close === -1) return null;
        const doubled = line[close + 1] === quote;
        parts.push(line.subarray(at, doubled ? close + 1 : close));
        at = close + (doubled ? 2 : 1);
        if (!doubled) break;
      }
      if (at < line.length && line[at] !== comma) return null;
      fields.push(parts.length === 1 ? parts[0]! : Buffer.concat(parts));
    } else {
      const next = line.indexOf(comma, at);
      const end = next === -1 ? line.length : next;
      const field = line.subarray(at, end);
      if (field.includes(quote)) return null;
      fields.push(field);
      at = end;
    }
    if (at >= line.length) return fields;
    at++;
    if (at === line.length) {
      fields.push(line.subarray(at));
      return fields;
    }
  }
}

/** Fields as one line of comma-separated values, quoted where need be; without a line's end. */
export function csvLine(fields: readonly string[]): string {
  return fields
    .map((field) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field))
    .join(',');
}

/** Names of a header's columns, trimmed and in lower case. */
export function headerNames(line: Buffer): string[] {
  return (splitCsvLine(line) ?? []).map((field) => field.toString('utf8').trim().toLowerCase());
}

/** Of a bad line, no more is kept. */
export const rawCharacters = 500;

/** A bad line as it is kept for people: bounded, and without the zero bytes that the database refuses. */
export function rawText(line: Buffer): string {
  return line
    .subarray(0, rawCharacters * 4)
    .toString('utf8')
    .replaceAll('\0', '␀')
    .slice(0, rawCharacters);
}
