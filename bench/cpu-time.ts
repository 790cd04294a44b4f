/** CPU time of this process: what another process takes meanwhile does not count. */

export interface Measured<Result> {
  results: Result[];
  /** CPU seconds of all items together, all threads of the process included. */
  seconds: number;
}

/** Runs `work` over the items, after a run over the first ones that is not measured: compiling is not the work. */
export function overAll<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Result,
  warmUp = Math.min(5, items.length),
): Measured<Result> {
  for (const item of items.slice(0, warmUp)) work(item);
  const started = process.cpuUsage();
  const results = items.map(work);
  const { user, system } = process.cpuUsage(started);
  return { results, seconds: (user + system) / 1e6 };
}

/** Whole units a second; null where the time is too short to be told. */
export function rate(units: number, seconds: number): number | null {
  return seconds > 0 ? Math.round(units / seconds) : null;
}

/** Rounded for reading. */
export function rounded(value: number | null, digits: number): number | null {
  return value === null || !Number.isFinite(value) ? null : Number(value.toFixed(digits));
}
