/** Readings, and the leaves of the log that hold them. */

import { checkUnicode, fromUtf8, isAtMost } from './bytes';
import { MalformedError } from './errors';
import { isObject, parse, type JsonValue } from './jcs';

/** Characters of an entity id, a state or a unit. */
export const MAX_TEXT = 2048;

/** Bytes of a leaf: C2SP tlog-tiles gives the length of an entry two bytes. */
export const MAX_LEAF = 0xffff;

/**
 * A reading with its place among those of its entity.
 *
 * Its bytes, canonical JSON (RFC 8785) in UTF-8, look like this, in one line:
 *
 *     {"entity_id":"sensor.cold_room_temperature","last_updated":"2026-11-22T10:00:00.123456Z",
 *      "salt":"000102030405060708090a0b0c0d0e0f","sequence":0,"state":"4.5","unit":"°C"}
 */
export interface Leaf {
  readonly entity_id: string;
  /** UTC with six digits of microseconds: texts sort as the times do. */
  readonly last_updated: string;
  readonly salt: string;
  /** The number of this reading among those of its entity, from 0. */
  readonly sequence: number;
  readonly state: string;
  readonly unit: string | null;
}

const TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\.(\d{6})Z$/;
const SALT = /^[0-9a-f]{32}$/;

/** Returns the leaf of these bytes; refuses all that are not its own. */
export function parseLeaf(data: Uint8Array): Leaf {
  if (data.length > MAX_LEAF) throw new MalformedError(`A leaf of ${data.length} bytes`);
  const text = fromUtf8(data);
  const leaf = leafOf(parse(text));
  if (leafToText(leaf) !== text) throw new MalformedError('A leaf that is not in canonical form');
  return leaf;
}

/** Returns the text whose bytes are hashed into the log. */
export function leafToText(leaf: Leaf): string {
  return (
    `{"entity_id":${JSON.stringify(leaf.entity_id)},"last_updated":"${leaf.last_updated}","salt":"${leaf.salt}"` +
    `,"sequence":${leaf.sequence},"state":${JSON.stringify(leaf.state)},"unit":${JSON.stringify(leaf.unit)}}`
  );
}

/** Returns a time, which must be written as 2026-11-22T10:00:00.123456Z. */
export function parseTime(text: string): string {
  const [, ...fields] = TIME.exec(text) ?? [];
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields.map(Number);
  const isTime = year > 0 && day > 0 && day <= daysOf(year, month) && hour < 24 && minute < 60 && second < 60;
  if (!isTime) throw new MalformedError('Not a time');
  return text;
}

/** Returns milliseconds since 1970 of such a time, with a fraction. */
export function toMilliseconds(time: string): number {
  return Date.parse(`${time.slice(0, 19)}Z`) + Number(time.slice(20, 26)) / 1000;
}

/** Returns the leaf of a JSON object, unless there is no such reading. */
function leafOf(value: JsonValue): Leaf {
  if (!isObject(value)) throw new MalformedError('Not a leaf');
  const { entity_id, last_updated, salt, sequence, state, unit } = value;
  if (
    !isText(entity_id) ||
    entity_id === '' ||
    !isText(state) ||
    !(unit === null || isText(unit)) ||
    !(typeof salt === 'string' && SALT.test(salt)) ||
    !(typeof sequence === 'number' && Number.isSafeInteger(sequence) && sequence >= 0) ||
    typeof last_updated !== 'string'
  ) {
    throw new MalformedError('Not a leaf');
  }
  return { entity_id, last_updated: parseTime(last_updated), salt, sequence, state, unit };
}

/** Tells whether a value is a text that is not too long and has a form in UTF-8. */
function isText(value: JsonValue | undefined): value is string {
  if (typeof value !== 'string' || !isAtMost(value, MAX_TEXT)) return false;
  checkUnicode(value);
  return true;
}

/** Returns the days of a month from 1 to 12, and 0 for other numbers. */
function daysOf(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return [0, 31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month] ?? 0;
}
