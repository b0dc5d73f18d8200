/**
 * Canonical JSON (RFC 8785), for values without fractions.
 *
 * A canonical object looks like this, with no white space and its keys sorted: {"sequence":7,"state":"21.5","unit":"°C"}
 */

import { checkUnicode, fromUtf8 } from './bytes';
import { MalformedError } from './errors';

export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;
export interface JsonObject {
  [key: string]: JsonValue;
}

/** Objects and lists within each other: every JSON reader can go as deep. */
export const MAX_DEPTH = 32;

/** Returns the canonical form of a value; what has none is refused: a fraction, a number beyond 2⁵³ - 1. */
export function canonicalJson(value: JsonValue): string {
  checkDepth(value, MAX_DEPTH);
  return canonical(value);
}

/** Returns the value of canonical JSON in UTF-8; every other spelling is refused. */
export function parseCanonical(data: Uint8Array): JsonValue {
  const text = fromUtf8(data);
  const value = parse(text);
  if (canonicalJson(value) !== text) throw new MalformedError('Not canonical JSON');
  return value;
}

/** Returns the value of JSON. */
export function parse(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    throw new MalformedError('Not JSON');
  }
}

/** Tells whether a value is an object, not a list. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function canonical(value: JsonValue): string {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new MalformedError('Not a whole number');
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  return isObject(value) ? `{${members(value).join(',')}}` : String(value);
}

/** Returns a string in quotes: JSON.stringify escapes as RFC 8785 section 3.2.2.2 wants it. */
function quoted(text: string): string {
  checkUnicode(text);
  return JSON.stringify(text);
}

/** Returns the members of an object, sorted by UTF-16 code units (section 3.2.3), as JavaScript sorts strings. */
function members(value: JsonObject): string[] {
  const keys = Object.keys(value).sort();
  return keys.map((key) => `${quoted(key)}:${canonical(value[key]!)}`);
}

function checkDepth(value: JsonValue, most: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (!most) throw new MalformedError(`Nested more than ${MAX_DEPTH} times`);
  for (const each of Object.values(value)) checkDepth(each, most - 1);
}
