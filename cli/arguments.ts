import { InvalidArgumentError } from 'commander';
import { parsePlatform, platforms, type Platform } from '../contracts/vocabulary.js';

/** An ISO day that exists in the calendar: `2026-02-30` is refused. */
export function dayArgument(text: string): string {
  const instant = new Date(`${text}T00:00:00Z`);
  const valid =
    /^\d{4}-\d{2}-\d{2}$/.test(text) &&
    !Number.isNaN(instant.getTime()) &&
    instant.toISOString().startsWith(text);
  if (!valid) throw new InvalidArgumentError(`“${text}” is no day; write it as 2026-01-05.`);
  return text;
}

/** An instant with its zone: a local time without one would mean another moment on another machine. */
export function instantArgument(text: string): Date {
  const instant = new Date(text);
  if (Number.isNaN(instant.getTime()) || !/(Z|[+-]\d{2}:?\d{2})$/.test(text))
    throw new InvalidArgumentError(
      `“${text}” is no instant; write it with its zone, as 2026-01-05T17:00:00Z.`,
    );
  return instant;
}

export function platformArgument(text: string): Platform {
  const platform = parsePlatform(text);
  if (platform === null)
    throw new InvalidArgumentError(`“${text}” is no platform; one of ${platforms.join(', ')}.`);
  return platform;
}

export function wholeNumberArgument(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || value < minimum || value > maximum)
      throw new InvalidArgumentError(
        `“${text}” is no whole number from ${String(minimum)} to ${String(maximum)}.`,
      );
    return value;
  };
}

export function numberArgument(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new InvalidArgumentError(`“${text}” is no finite number.`);
  return value;
}

/** For an option that may be repeated: all that it was given. */
export function gathered<Value>(read: (text: string) => Value): (text: string, former?: Value[]) => Value[] {
  return (text, former = []) => [...former, read(text)];
}
