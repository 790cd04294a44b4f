/** The platforms' machine-readable descriptions as JSON schemas that refuse what they do not name. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { parse } from 'yaml';

type Json = Record<string, unknown>;

const openFormats = [
  'uint64',
  'int64',
  'int32',
  'uint32',
  'double',
  'google-datetime',
  'google-duration',
  'date-time',
  'byte',
];

function compiler(): Ajv {
  const ajv = new Ajv({ allErrors: true, strict: false, validateSchema: false });
  for (const format of openFormats) ajv.addFormat(format, true);
  // Counts are told as text.
  ajv.addFormat('uint64', /^\d+$/);
  ajv.addFormat('int64', /^-?\d+$/);
  ajv.addFormat('google-duration', /^\d+(\.\d+)?s$/);
  ajv.addFormat('date-time', /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/);
  ajv.addFormat('google-datetime', /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/);
  return ajv;
}

/** A schema of a Google discovery document. */
export function googleSchema(sharedData: string, file: string, name: string): ValidateFunction {
  const document = JSON.parse(readFileSync(join(sharedData, 'api', 'google-discovery', file), 'utf8')) as {
    schemas: Record<string, Json>;
  };
  const convert = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(convert);
    if (typeof value !== 'object' || value === null) return value;
    const node = value as Json;
    if (typeof node['$ref'] === 'string') return { $ref: `#/$defs/${node['$ref']}` };
    const result: Json = {};
    for (const [key, child] of Object.entries(node)) {
      if (
        ['id', 'description', 'default', 'enumDescriptions', 'annotations'].includes(key) &&
        typeof child !== 'object'
      )
        continue;
      if (key === 'type' && child === 'any') continue;
      result[key] = key === 'enum' ? child : convert(child);
    }
    if (typeof node['properties'] === 'object' && node['additionalProperties'] === undefined) {
      result['additionalProperties'] = false;
    }
    return result;
  };
  const defs = Object.fromEntries(
    Object.entries(document.schemas).map(([key, schema]) => [key, convert(schema)]),
  );
  return compiler().compile({ $ref: `#/$defs/${name}`, $defs: defs });
}

/**
 * A schema of Spotify's OpenAPI description. Development mode answers without fields that the description,
 * which is older, requires: those are named by the caller.
 */
export function spotifySchema(
  sharedData: string,
  name: string,
  notRequired: readonly string[] = [],
): ValidateFunction {
  const document = parse(
    readFileSync(join(sharedData, 'api', 'spotify-openapi', 'fixed-spotify-open-api.yml'), 'utf8'),
  ) as { components: { schemas: Record<string, Json> } };
  const schemas = document.components.schemas;
  const flatten = (schema: Json): Json => {
    if (typeof schema['$ref'] === 'string') return flatten(schemas[schema['$ref'].split('/').at(-1)!]!);
    if (!Array.isArray(schema['allOf'])) return schema;
    const parts = [...(schema['allOf'] as Json[]).map(flatten), { ...schema, allOf: undefined }];
    return {
      type: 'object',
      properties: Object.assign({}, ...parts.map((part: Json) => part['properties'] ?? {})) as Json,
      required: parts.flatMap((part: Json) => (part['required'] as string[] | undefined) ?? []),
    };
  };
  const convert = (schema: Json): Json => {
    const node = flatten(schema);
    const result: Json = { ...node };
    delete result['description'];
    delete result['example'];
    delete result['nullable'];
    if (typeof node['properties'] === 'object' && node['properties'] !== null) {
      const properties = Object.entries(node['properties'] as Record<string, Json>);
      result['properties'] = Object.fromEntries(properties.map(([key, child]) => [key, convert(child)]));
      if (properties.length > 0) result['additionalProperties'] = false;
    }
    if (Array.isArray(node['required'])) {
      result['required'] = (node['required'] as string[]).filter((field) => !notRequired.includes(field));
    }
    if (typeof node['items'] === 'object' && node['items'] !== null)
      result['items'] = convert(node['items'] as Json);
    return node['nullable'] === true ? { anyOf: [result, { type: 'null' }] } : result;
  };
  return compiler().compile(convert(schemas[name]!));
}

/**
 * Every path through a JSON value with the types found there: `items[].statistics.viewCount` → string. Lists
 * are taken together.
 */
export function shapeOf(
  value: unknown,
  at = '',
  shape = new Map<string, Set<string>>(),
): Map<string, Set<string>> {
  const type = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  shape.set(at, (shape.get(at) ?? new Set()).add(type));
  if (Array.isArray(value)) for (const item of value) shapeOf(item, `${at}[]`, shape);
  else if (type === 'object') {
    for (const [key, child] of Object.entries(value as Json))
      shapeOf(child, at === '' ? key : `${at}.${key}`, shape);
  }
  return shape;
}
