/** From the program's own objects to the fields that scripts read: snake_case, as in HTTP, SQL and exports. */

export type Fields = Record<string, unknown>;

/**
 * The same value with every field's name in snake_case, at any depth; dates and names that are not camelCase
 * stay. Not for objects whose keys are somebody's data, such as a release's attributes.
 */
export function asFields(value: object): Fields {
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [snakeCase(name), withFields(field)]),
  );
}

function withFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withFields);
  return typeof value === 'object' && value !== null && !(value instanceof Date) ? asFields(value) : value;
}

function snakeCase(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}

/** A line a field, for a person; what is not told is left out. */
export function fieldLines(fields: Fields): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => `${name}: ${textOf(value)}`)
    .join('\n');
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return value instanceof Date ? value.toISOString() : JSON.stringify(value);
}
