import fc from 'fast-check';
import { DateTime, FixedOffsetZone } from 'luxon';
import { describe, expect, it } from 'vitest';
import { headerNames, rawText, splitCsvLine } from '../../../../sources/files/csv-line.js';
import { daysFromCivil, parseInstantMicros } from '../../../../sources/files/instants.js';
import { parseNumber } from '../../../../sources/files/numbers.js';

const instant = (text: string): number => {
  const bytes = Buffer.from(`<${text}>`);
  return parseInstantMicros(bytes, 1, bytes.length - 1);
};
const number = (text: string): number => {
  const bytes = Buffer.from(`<${text}>`);
  return parseNumber(bytes, 1, bytes.length - 1);
};

describe('instants', () => {
  it('agree with Luxon for any date, zone and form', () => {
    const dates = fc.date({ min: new Date('1900-01-01'), max: new Date('2200-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(
        dates,
        fc.integer({ min: -56, max: 56 }),
        fc.constantFrom('T', ' '),
        (date, quarters, separator) => {
          const text = DateTime.fromJSDate(date, { zone: FixedOffsetZone.instance(quarters * 15) })
            .toISO({ includeOffset: true })!
            .replace('T', separator);
          expect(instant(text)).toBe(date.getTime() * 1000);
        },
      ),
    );
  });

  it.each([
    ['2026-01-05', '2026-01-05T00:00:00Z', 0],
    ['2026-01-05T17:00', '2026-01-05T17:00:00Z', 0],
    ['2026-01-05 17:00:00+07', '2026-01-05T10:00:00Z', 0],
    ['2026-01-05T17:00:00.166661+0000', '2026-01-05T17:00:00.166Z', 661],
    ['2026-01-05t17:00:00.1234567z', '2026-01-05T17:00:00.123Z', 456],
    ['1969-12-31T23:59:59.5-00:30', '1970-01-01T00:29:59.500Z', 0],
  ])('reads %s', (text, iso, micros) => {
    expect(instant(text)).toBe(Date.parse(iso) * 1000 + micros);
  });

  it.each([
    '',
    '2026-1-5',
    '2026-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-01-05T24:00:00Z',
    '2026-01-05T17:60Z',
    '2026-01-05T17:00:61Z',
    '2026-01-05T17:00:00.Z',
    '2026-01-05T17',
    '2026-01-05T17:00:00 UTC',
    '2026-01-05T17:00:00+7',
    '2026-01-05T17:00:00+99:00',
    '05.01.2026 17:00',
    '20260105T170000Z',
    '-026-01-05',
    '2026-01-05T17:00:00Zjunk',
  ])('refuses «%s»', (text) => {
    expect(instant(text)).toBeNaN();
  });

  it('knows leap years', () => {
    expect(daysFromCivil(2000, 2, 29) - daysFromCivil(2000, 2, 28)).toBe(1);
    expect(daysFromCivil(1900, 2, 29)).toBeNaN();
    expect(daysFromCivil(1970, 1, 1)).toBe(0);
  });
});

describe('numbers', () => {
  it('agree with the language for every decimal', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.maxSafeInteger()),
        (value) => {
          expect(number(String(value))).toBe(Number(String(value)));
        },
      ),
    );
    expect(number('1092566.0')).toBe(1_092_566);
    expect(number('000123')).toBe(123);
    expect(number('+5')).toBe(5);
  });

  it.each([
    '',
    'nan',
    'NaN',
    'inf',
    '-Infinity',
    '0x10',
    '1e400',
    '1,000',
    '1_000',
    '.5',
    '5.',
    '--1',
    ' 1',
    '1 ',
    '٣',
  ])('refuses «%s»', (text) => {
    expect(number(text)).toBeNaN();
  });
});

describe('lines of a CSV', () => {
  const split = (text: string): string[] | null => splitCsvLine(Buffer.from(text))?.map(String) ?? null;

  it('come back as the fields that were written', () => {
    const field = fc.string({ unit: 'grapheme' }).filter((text) => !/[\r\n]/.test(text));
    fc.assert(
      fc.property(fc.array(field, { minLength: 1 }), fc.boolean(), (fields, always) => {
        const line = fields
          .map((text) => (always || /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text))
          .join(',');
        expect(split(line)).toEqual(fields);
      }),
    );
  });

  it('are ill-formed where a quote is open, or stands within a field', () => {
    expect(split('a,"b')).toBeNull();
    expect(split('a,"b"c')).toBeNull();
    expect(split('a,b"c')).toBeNull();
    expect(split('')).toEqual(['']);
    expect(split(',')).toEqual(['', '']);
  });

  it('have names in any case, and are kept short without zero bytes', () => {
    expect(headerNames(Buffer.from(' Platform ,"EXTERNAL_ID"'))).toEqual(['platform', 'external_id']);
    expect(rawText(Buffer.from(`a\0${'x'.repeat(9_000)}`))).toBe(`a␀${'x'.repeat(498)}`);
  });
});
