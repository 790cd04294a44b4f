const plainNumber = /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * Reads a decimal number; NaN where the bytes are none (also for `nan`, `inf`, hexadecimal and grouped
 * digits) or where it is past what a double holds. Whole numbers of up to 15 digits, nearly all there are,
 * are read without making a string.
 */
export function parseNumber(bytes: Buffer, start: number, end: number): number {
  const length = end - start;
  if (length > 0 && length <= 15) {
    let value = 0;
    let at = start;
    for (; at < end; at++) {
      const digit = bytes[at]! - 48;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (at === end) return value;
  }
  if (length === 0 || length > 400) return Number.NaN;
  const text = bytes.toString('latin1', start, end);
  if (!plainNumber.test(text)) return Number.NaN;
  const value = Number(text);
  return Number.isFinite(value) ? value : Number.NaN;
}
