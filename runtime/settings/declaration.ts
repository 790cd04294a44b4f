/** How a setting is declared. */
import type { SettingKind } from '../setting-kinds.js';

export interface Setting<T> {
  kind: SettingKind<T>;
  /** Null: not set. */
  fallback: T | null;
  group: string;
  about: string;
}

interface Required<T> extends Setting<T> {
  fallback: T;
}

type Declare = <T, F extends T | null>(
  kind: SettingKind<T>,
  fallback: F,
  about: string,
) => F extends null ? Setting<T> : Required<T>;

/** Declares settings of a group: kind, default (null: not set) and what it is. */
export function group(name: string): Declare {
  return ((kind: SettingKind<unknown>, fallback: unknown, about: string) => ({
    kind,
    fallback,
    group: name,
    about,
  })) as Declare;
}
