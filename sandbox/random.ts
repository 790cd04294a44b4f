/**
 * Randomness that depends on its coordinates alone: the value for (seed, video, metric, day) is the same
 * whatever else was asked for before, so a history can be extended without touching its past.
 */
type Part = string | number;

/** 32-bit key of the parts, in order: FNV-1a over UTF-16 units, finished as MurmurHash3 does. */
export function keyOf(...parts: readonly Part[]): number {
  let hash = 0x811c9dc5;
  for (const part of parts) {
    const text = String(part);
    for (let i = 0; i < text.length; i += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    }
    // A separator that no part holds: ('ab', 'c') and ('a', 'bc') differ.
    hash = Math.imul(hash ^ 0x1f, 0x01000193);
  }
  return avalanche(hash);
}

function avalanche(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Uniform in (0, 1), the index-th of a key's sequence: never 0 or 1, so its logarithm exists. */
export function uniform(key: number, index = 0): number {
  return (avalanche(key ^ Math.imul(index + 1, 0x9e3779b1)) + 0.5) / 4294967296;
}

/** Standard normal, the index-th of a key's sequence (Box and Muller, 1958). */
export function normal(key: number, index = 0): number {
  const radius = Math.sqrt(-2 * Math.log(uniform(key, 2 * index)));
  return radius * Math.cos(2 * Math.PI * uniform(key, 2 * index + 1));
}

/** Integer in [low, high]. */
export function integer(low: number, high: number, key: number, index = 0): number {
  return low + Math.floor(uniform(key, index) * (high - low + 1));
}

/** A text of `length` characters of the alphabet. */
export function textOf(alphabet: string, length: number, key: number): string {
  let text = '';
  for (let i = 0; i < length; i += 1) {
    text += alphabet.charAt(integer(0, alphabet.length - 1, key, i));
  }
  return text;
}

/** The items in an order of the key's own (Fisher and Yates). */
export function shuffled<T>(items: readonly T[], key: number): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i -= 1) {
    const j = integer(0, i, key, i);
    const held = order[i]!;
    order[i] = order[j]!;
    order[j] = held;
  }
  return order;
}
