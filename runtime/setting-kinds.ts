/** The kinds of values that settings have. Each reads text from the environment and JSON from a file alike. */
import { z } from 'zod';
import { Secret } from './secret.js';

export interface SettingKind<T> {
  schema: z.ZodType<T>;
  /** What a value has to be, for the message about one that is not: «expected …». */
  expects: string;
  /** How a value is written in an environment file. */
  write(value: T): string;
}

const decimal = /^-?\d+(\.\d+)?$/;

/** Numbers are parsed, never coerced: `Number('')` is 0 and `Number('0x1f')` 31. */
const numeric = z.union([
  z.number(),
  z
    .string()
    .regex(decimal)
    .transform((text) => Number(text)),
]);

export function wholeNumber(minimum: number, maximum: number): SettingKind<number> {
  return {
    schema: numeric.pipe(z.number().int().min(minimum).max(maximum)),
    expects: `a whole number from ${minimum} to ${maximum}`,
    write: String,
  };
}

export function fraction(minimum: number, maximum: number): SettingKind<number> {
  return {
    schema: numeric.pipe(z.number().min(minimum).max(maximum)),
    expects: `a number from ${minimum} to ${maximum}`,
    write: String,
  };
}

const truths: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  1: true,
  false: false,
  no: false,
  off: false,
  0: false,
};

/** `false` is false: any other text than these eight is refused, where coercion would make it true. */
export function truth(): SettingKind<boolean> {
  return {
    schema: z.union([
      z.boolean(),
      z
        .string()
        .toLowerCase()
        .refine((text) => text in truths)
        .transform((text) => truths[text]!),
    ]),
    expects: 'true or false (or yes, no, on, off, 1, 0)',
    write: String,
  };
}

export function text(expects = 'a text'): SettingKind<string> {
  return { schema: z.string().min(1), expects, write: String };
}

export function choice<const T extends string>(...values: readonly [T, ...T[]]): SettingKind<T> {
  return { schema: z.enum(values), expects: `one of ${values.join(', ')}`, write: String };
}

export function secret(expects = 'a text'): SettingKind<Secret> {
  return {
    schema: z
      .string()
      .min(1)
      .transform((value) => new Secret(value)),
    expects,
    write: String,
  };
}

/** A connection string of Postgres; it may hold a password, so it is a secret. */
export function databaseUrl(): SettingKind<Secret> {
  return {
    schema: z
      .string()
      .refine((value) => ['postgres:', 'postgresql:'].includes(parseUrl(value)?.protocol ?? ''))
      .transform((value) => new Secret(value)),
    expects: 'an address such as postgres://user:password@host:5432/tidemark',
    write: String,
  };
}

/** A base address without the slash at its end; where `momentAllowed`, `{at}` may stand for the moment asked for. */
export function httpUrl(momentAllowed = false): SettingKind<string> {
  const example = momentAllowed ? ' ({at} may stand for the moment asked for)' : '';
  return {
    schema: z
      .string()
      .refine((value) => {
        const url = parseUrl(value);
        const placed = momentAllowed || !value.includes('{');
        return placed && url !== null && ['http:', 'https:'].includes(url.protocol);
      })
      .transform((value) => value.replace(/\/+$/, '')),
    expects: `an address that begins with http:// or https://${example}`,
    write: String,
  };
}

export function hostAndPort(): SettingKind<string> {
  return {
    schema: z.string().regex(/^(\[[0-9a-fA-F:]+\]|[^\s:/]+):\d{1,5}$/),
    expects: 'a host and a port, such as temporal.example.org:7233',
    write: String,
  };
}

/** An IANA time zone that this Node knows. */
export function timeZone(): SettingKind<string> {
  return {
    schema: z.string().refine((value) => {
      try {
        return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone !== '';
      } catch {
        return false;
      }
    }),
    expects: 'an IANA time zone, such as Europe/Berlin',
    write: String,
  };
}

export function timeOfDay(): SettingKind<string> {
  return {
    schema: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
    expects: 'a time of day from 00:00 to 23:59',
    write: String,
  };
}

/** `system`, or the instant at which the program's clock stands. */
export function clockReading(): SettingKind<'system' | Date> {
  const instant = z.iso.datetime({ offset: true }).transform((value) => new Date(value));
  return {
    schema: z.union([z.literal('system'), instant]),
    expects: '«system» or an instant with its zone, such as 2026-08-24T00:00:00Z',
    write: (value) => (value === 'system' ? value : value.toISOString()),
  };
}

const logLevel = z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']);
export type LogLevel = z.infer<typeof logLevel>;

export function level(): SettingKind<LogLevel> {
  return { schema: logLevel, expects: `one of ${logLevel.options.join(', ')}`, write: String };
}

/** Levels by component: `collect=debug,sql=warn`, or an object in a file. */
export function levels(): SettingKind<Record<string, LogLevel>> {
  const table = z.record(z.string().min(1), logLevel);
  return {
    schema: z.union([
      table,
      z
        .string()
        .transform((value) => {
          const pairs = value.split(',').map((pair) => pair.split('=', 2).map((part) => part.trim()));
          return Object.fromEntries(pairs) as Record<string, string>;
        })
        .pipe(table),
    ]),
    expects: `components and levels, such as collect=debug,sql=warn (${logLevel.options.join(', ')})`,
    write: (value) =>
      Object.entries(value)
        .map(([component, name]) => `${component}=${name}`)
        .join(','),
  };
}

function parseUrl(value: string): URL | null {
  try {
    return new URL(value);
  } catch {
    return null;
  }
}
