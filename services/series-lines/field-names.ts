/** Names as every output has them: snake_case, whatever the code calls them. */

/** `{samplesPerDay: 1}` as `{samples_per_day: 1}`, one level deep. */
export function withFieldNames(record: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value as unknown,
    ]),
  );
}
