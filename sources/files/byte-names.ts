import { isUtf8 } from 'node:buffer';

/** Why a field is not taken. */
export interface Refusal {
  reason: string;
}

interface Entry<Value> {
  bytes: Buffer;
  value: Value;
}

/** Past that many names the table is forgotten: a file of names that never repeat must not fill the memory. */
const maxNames = 100_000;

/** Looks up values by the bytes of a name, without making a string of a name that is known already. */
export class ByteNames<Value> {
  private readonly buckets = new Map<number, Entry<Value>[]>();
  private names = 0;

  /** `make` gives the value of a name that is new, and again the same of one that was forgotten. */
  constructor(private readonly make: (name: Buffer) => Value) {}

  get(bytes: Uint8Array, start: number, end: number): Value {
    // FNV-1a over 32 bits.
    let hash = 0x811c9dc5;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
    const bucket = this.buckets.get(hash);
    if (bucket !== undefined) {
      for (const entry of bucket) {
        if (sameBytes(entry.bytes, entry.bytes.length, bytes, start, end)) return entry.value;
      }
    }
    const name = Buffer.from(bytes.subarray(start, end));
    const entry = { bytes: name, value: this.make(name) };
    if (this.names++ >= maxNames) {
      this.buckets.clear();
      this.names = 1;
    }
    const stored = this.buckets.get(hash);
    if (stored === undefined) this.buckets.set(hash, [entry]);
    else stored.push(entry);
    return entry.value;
  }
}

/** The bytes of the last field of its kind. */
export class LastBytes {
  private readonly bytes = new Uint8Array(256);
  /** -1 when there is none, or when it was too long to keep. */
  private length = -1;

  is(bytes: Uint8Array, start: number, end: number): boolean {
    return sameBytes(this.bytes, this.length, bytes, start, end);
  }

  set(bytes: Uint8Array, start: number, end: number): void {
    this.length = end - start <= this.bytes.length ? end - start : -1;
    for (let at = 0; at < this.length; at++) this.bytes[at] = bytes[start + at]!;
  }
}

/** Short names are compared faster here than by a native call. */
function sameBytes(
  expected: Uint8Array,
  length: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): boolean {
  if (length !== end - start) return false;
  // Names that follow each other differ at their ends more often than at their beginnings.
  for (let at = length - 1; at >= 0; at--) if (expected[at] !== bytes[start + at]) return false;
  return true;
}

const controls = /[\u0000-\u001f\u007f]/;

/** A name as text, or why it cannot be one. */
export function readName(bytes: Buffer, maxCharacters: number): string | Refusal {
  if (bytes.length === 0) return { reason: 'is empty' };
  if (!isUtf8(bytes)) return { reason: 'is not UTF-8' };
  const text = bytes.toString('utf8');
  if (controls.test(text)) return { reason: 'holds a control character' };
  if (text.length > maxCharacters) return { reason: `is longer than ${maxCharacters} characters` };
  return text;
}
