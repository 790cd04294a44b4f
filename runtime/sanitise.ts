/** Takes secrets out of what is logged, shown, or thrown across an activity's edge. */
import { inspect } from 'node:util';
import { knownSecrets, redacted } from './secret.js';

/** Names that mean a secret wherever they stand. */
const secretNames =
  'api[-_]?key|access[-_]?token|refresh[-_]?token|id[-_]?token|auth[-_]?token|client[-_]?secret|secret|' +
  'password|passwd|pwd|assertion|x-goog-api-key|authorization|set-cookie|cookie';
/** Names that mean one in an address or a form alone: elsewhere `key` and `code` are everyday words. */
const parameterNames = `${secretNames}|key|code|token|sig|signature`;

const rules: readonly [pattern: RegExp, replacement: string][] = [
  // What stands between a scheme and the host; a password may itself hold an @.
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"'<>]*):[^\s/"'<>]*@/gi, `$1:${redacted}@`],
  [/\b(bearer)(?:\s+|%20)[\w.~+/=-]{8,}/gi, `$1 ${redacted}`],
  [/\b(basic)(?:\s+|%20)(?=[A-Za-z]*[0-9+/=])[\w+/-]{8,}={0,2}/gi, `$1 ${redacted}`],
  [new RegExp(`([?&](?:${parameterNames})(?:=|%3D))[^&\\s"'<>#;,)\\\\]+`, 'gi'), `$1${redacted}`],
  // Form bodies, and the password of a libpq connection string.
  [
    new RegExp(`(?<![\\w-])(${secretNames})(=|%3D)(?!\\[redacted\\])[^&\\s"'<>#;,)]+`, 'gi'),
    `$1$2${redacted}`,
  ],
  // "access_token": "…", also inside a string that was escaped once or more, and as util.inspect prints it.
  [
    new RegExp(`((?<![\\w-])(?:${secretNames})\\\\*["']?\\s*:\\s*\\\\*(["']))(?:(?!\\\\*\\2).)+`, 'gi'),
    `$1${redacted}`,
  ],
  // A header as text: to the end of its line.
  [
    /\b((?:proxy-)?authorization|x-goog-api-key|set-cookie|cookie)(\s*:\s*)(?!["'\\])[^\r\n"']+/gi,
    `$1$2${redacted}`,
  ],
  // Forms that give themselves away wherever they stand: Google's keys and tokens, JSON web tokens, PEM keys.
  [/\bAIza[\w-]{20,}/g, redacted],
  [/\bya29\.[\w.-]+/g, redacted],
  [/\b1\/\/[\w-]{16,}/g, redacted],
  [/\bGOCSPX-[\w-]+/g, redacted],
  [/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, redacted],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, redacted],
];

const secretField = new RegExp(
  `^(?:${secretNames}|.*(?:password|secret|token|api[-_]?key|private[-_]?key|credentials?))$`,
  'i',
);

/** Names of fields that hold whole requests, answers and connections: never worth a log line. */
const bulkyFields = new Set(['config', 'request', 'response', 'socket', 'headers', 'agent', 'client']);

const maxDepth = 6;
const maxTextLength = 8_192;
/** An answer that a client quoted whole can be of any size; what lies beyond is dropped, not searched. */
const maxReadLength = 65_536;

/** The text without every secret that the program knows, and without whatever looks like one; long ones are cut. */
export function sanitiseText(text: string): string {
  return redactText(text.length > maxReadLength ? text.slice(0, maxReadLength) : text);
}

/** The same at any length: for a finished log line, which must stay whole. */
export function redactText(text: string): string {
  let clean = text;
  for (const secret of knownSecrets()) {
    if (clean.includes(secret)) clean = clean.replaceAll(secret, redacted);
  }
  for (const [pattern, replacement] of rules) clean = clean.replace(pattern, replacement);
  return clean;
}

/** An address of a database as it may be shown: without its password. */
export function redactConnectionString(url: string): string {
  try {
    const parsed = new URL(url);
    if (parsed.password !== '') parsed.password = 'redacted';
    for (const name of [...parsed.searchParams.keys()]) {
      if (secretField.test(name)) parsed.searchParams.set(name, 'redacted');
    }
    return parsed.href.replace(/:redacted@/, `:${redacted}@`);
  } catch {
    return redacted;
  }
}

/** A copy of any value that is safe to log: nested fields, errors, cycles and all. */
export function sanitiseValue(value: unknown): unknown {
  return clean(value, 0, new Set());
}

/**
 * A new error with the name, message, stack, code, status and causes of the given one, sanitised; whole
 * requests and answers that clients hang on their errors are left behind.
 */
export function sanitiseError(error: unknown): Error {
  return cleanError(error, 0, new Set());
}

function cleanError(error: unknown, depth: number, seen: Set<object>): Error {
  if (!(error instanceof Error)) {
    const text = typeof error === 'string' ? error : inspect(clean(error, depth, seen), { depth: maxDepth });
    return new Error(limited(sanitiseText(text)));
  }
  if (seen.has(error) || depth > maxDepth) return new Error('a cause that was told already');
  seen.add(error);
  const copy = new Error(limited(sanitiseText(error.message)));
  copy.name = error.name;
  copy.stack = limited(sanitiseText(error.stack ?? `${error.name}: ${error.message}`));
  for (const [name, field] of Object.entries(error)) {
    if (name === 'name' || name === 'cause' || name === 'errors' || bulkyFields.has(name)) continue;
    if (typeof field === 'function') continue;
    Object.assign(copy, { [name]: cleanField(name, field, depth + 1, seen) });
  }
  if (error.cause !== undefined) copy.cause = cleanError(error.cause, depth + 1, seen);
  if (error instanceof AggregateError) {
    Object.assign(copy, { errors: error.errors.map((inner) => cleanError(inner, depth + 1, seen)) });
  }
  return copy;
}

function clean(value: unknown, depth: number, seen: Set<object>): unknown {
  if (typeof value === 'string') return limited(sanitiseText(value));
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (value instanceof Error) return describeError(cleanError(value, depth, seen));
  if (Buffer.isBuffer(value) || ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof URL) return sanitiseText(value.href);
  if (seen.has(value)) return '[told already]';
  if (depth > maxDepth) return '[nested too deep]';
  seen.add(value);
  if (Array.isArray(value)) return value.map((item) => clean(item, depth + 1, seen));
  const entries = value instanceof Map ? [...value.entries()] : Object.entries(value);
  return Object.fromEntries(
    entries.map(([name, field]) => [String(name), cleanField(String(name), field, depth + 1, seen)]),
  );
}

function cleanField(name: string, field: unknown, depth: number, seen: Set<object>): unknown {
  const filled = field !== null && field !== undefined && typeof field !== 'boolean' && field !== '';
  return filled && secretField.test(name) && typeof field !== 'number' ? redacted : clean(field, depth, seen);
}

/** An error as plain fields, for a log line. */
function describeError(error: Error): Record<string, unknown> {
  return {
    ...Object.fromEntries(Object.entries(error)),
    type: error.name,
    message: error.message,
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause as Error) }),
  };
}

function limited(text: string): string {
  return text.length <= maxTextLength ? text : `${text.slice(0, maxTextLength)}… (${text.length} characters)`;
}
