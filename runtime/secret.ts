import { inspect } from 'node:util';

export const redacted = '[redacted]';

/** Every secret that this process has held; too short a text would be found in innocent words. */
const held = new Set<string>();
const shortestSought = 8;

/** Texts that must not be seen anywhere, as they are and as they stand in an address. */
export function knownSecrets(): Iterable<string> {
  return held;
}

function remember(value: string): void {
  if (value.length < shortestSought) return;
  held.add(value).add(encodeURIComponent(value));
}

/** A value that shows itself to nobody but to who asks for it by name: not in a log, not in JSON, not in text. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
    remember(value);
    // Of an address with a password, the password is what must not be seen.
    if (URL.canParse(value)) remember(decodeURIComponent(new URL(value).password));
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return redacted;
  }

  toJSON(): string {
    return redacted;
  }

  [inspect.custom](): string {
    return redacted;
  }
}
