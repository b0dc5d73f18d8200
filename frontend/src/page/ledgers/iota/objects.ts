/** What of objects on IOTA is read, field by field (ledgers/iota/objects.py, where the fields are named). */

import { type Bytes } from '../../../verify';
import { Reader } from './bcs';

/** A trail: under which id its records are kept, and how many there are. */
export interface Trail {
  readonly table: Bytes;
  readonly count: number;
}

/** A text, and when it was written: milliseconds since 1970. */
export interface Written {
  readonly text: string | null;
  readonly time: number;
}

const PERMISSIONS = 19;

export function trailOf(data: Bytes): Trail {
  const reader = new Reader(data);
  const text = (): string => reader.text();
  reader.take(32 + 32 + 8);
  const count = safe(reader.u64());
  const id = table(reader, () => reader.u64());
  reader.sequence(() => [reader.text(), reader.u64()]);
  if (reader.variant(3)) reader.u64();
  timeLock(reader);
  timeLock(reader);
  roles(reader);
  reader.option(() => [reader.text(), reader.option(text)]);
  reader.option(text);
  reader.u64();
  reader.finish();
  return { table: id, count };
}

/** Returns a record of a trail; it must have this number. */
export function recordOf(data: Bytes, number: number): Written {
  const reader = new Reader(data);
  const u64 = (): bigint => reader.u64();
  reader.option(u64);
  reader.option(u64);
  const text = reader.variant(2) ? reader.text() : (reader.blob(), null);
  reader.option(() => reader.text());
  reader.option(() => reader.text());
  const found = safe(reader.u64());
  reader.take(32);
  const time = safe(reader.u64());
  reader.sequence(u64);
  reader.option(u64);
  reader.finish();
  if (found !== number) throw new Error('Another record');
  return { text, time };
}

export function notarizationOf(data: Bytes): Written {
  const reader = new Reader(data);
  const text = (): string => reader.text();
  reader.take(32);
  const found = reader.text();
  reader.option(text);
  reader.u64();
  reader.option(text);
  reader.option(() => {
    for (let lock = 0; lock < 3; lock++) if (!reader.variant(3)) reader.take(4);
  });
  reader.option(text);
  const time = safe(reader.u64());
  reader.u64();
  reader.variant(2);
  reader.finish();
  return { text: found, time };
}

/** Reads a linked table: its id, its size, its first key and its last; returns its id. */
function table(reader: Reader, key: () => unknown): Bytes {
  const id = reader.take(32);
  reader.u64();
  reader.option(key);
  reader.option(key);
  return id;
}

function timeLock(reader: Reader): void {
  const variant = reader.variant(5);
  if (variant < 2) reader.take(variant ? 8 : 4);
}

function roles(reader: Reader): void {
  const permission = (): number => reader.variant(PERMISSIONS);
  reader.take(32);
  reader.sequence(() => {
    reader.text();
    reader.sequence(permission);
    reader.option(() => reader.sequence(() => reader.text()));
  });
  reader.text();
  table(reader, () => reader.take(32));
  reader.sequence(() => reader.take(32));
  for (let which = 0; which < 5; which++) permission();
}

function safe(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new Error('Too large');
  return Number(value);
}
