/**
 * Transactions of IOTA that are anchors, read strictly: a transaction is one only if it is, byte for byte, what
 * ledgers/iota/programs.py makes of its message.
 */

import { blake2b } from '@noble/hashes/blake2.js';
import { joined, toUtf8, type Bytes } from '../../../verify';
import { hex, Reader, short, u64 } from './bcs';

/** Where a network has the packages, in 64 hexadecimal digits each. */
export interface Packages {
  readonly trails: string;
  readonly trails_origin: string;
  readonly notarization: string;
}

/** An anchor as its transaction tells. */
export interface Kept {
  readonly digest: Bytes;
  readonly message: string;
  /** The id of the trail that has the record, null for a notarization. */
  readonly trail: Bytes | null;
}

const MOVE = hex('1'.padStart(64, '0'));
const CLOCK = joined(hex('0101'), hex('6'.padStart(64, '0')), u64(1n), hex('00'));
/** An input that is nothing, like an option of nothing. */
const NOTHING = hex('000100');
const LOCKED_UNTIL = hex('0004ffffffff');
const SIGNED = hex('01000000');

const DIGITS = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** Returns the BLAKE2b-256 hash of pieces. */
export function hash(...pieces: Bytes[]): Bytes {
  return Uint8Array.from(blake2b(joined(...pieces), { dkLen: 32 }));
}

/** Returns a digest as people see it: Base58. */
export function base58(data: Bytes): string {
  let number = data.reduce((sum, byte) => 256n * sum + BigInt(byte), 0n);
  let text = '';
  for (; number; number /= 58n) text = DIGITS[Number(number % 58n)] + text;
  const zeros = data.findIndex((byte) => byte !== 0);
  return '1'.repeat(zeros < 0 ? data.length : zeros) + text;
}

/** Returns the anchor of a transaction with its signatures, as nodes give it; throws for what is none. */
export function signedAnchor(data: Bytes, packages: Packages): Kept {
  const reader = new Reader(data);
  reader.expect(SIGNED);
  const found = anchor(reader, data.slice(SIGNED.length), packages);
  reader.sequence(() => reader.blob());
  reader.finish();
  return found;
}

/** Returns the anchor of a transaction as receipts keep it; throws for what is none. */
export function keptAnchor(data: Bytes, packages: Packages): Kept {
  const reader = new Reader(data);
  const found = anchor(reader, data, packages);
  reader.finish();
  return found;
}

function anchor(reader: Reader, data: Bytes, packages: Packages): Kept {
  let content!: Pick<Kept, 'message' | 'trail'>;
  const read = reader.within(() => {
    reader.expect(hex('0000'));
    const inputs = reader.length();
    content = inputs === 5 ? record(reader, packages) : notarization(reader, inputs, packages);
    payment(reader);
  });
  return { ...content, digest: hash(toUtf8('TransactionData::'), data.slice(0, read.length)) };
}

/** Reads what adds a record to a trail: its inputs but for their number, and its commands. */
function record(reader: Reader, { trails, trails_origin }: Packages): Pick<Kept, 'message' | 'trail'> {
  reader.expect(hex('0101'));
  const trail = reader.take(32);
  reader.u64();
  reader.expect(hex('01'));
  reader.expect(hex('0100'));
  reference(reader);
  const message = text(reader);
  reader.expect(NOTHING, CLOCK);
  const data = joined(hex('01'), struct(trails_origin, 'record', 'Data'));
  reader.expect(
    hex('02'),
    call(trails, 'record', 'new_text', hex('00'), [input(2)]),
    call(trails, 'main', 'add_record', data, [input(0), input(1), result(0), input(3), input(3), input(4)]),
  );
  return { message, trail };
}

/** Reads what notarises a message: its inputs but for their number, and its commands. */
function notarization(reader: Reader, inputs: number, packages: Packages): Pick<Kept, 'message' | 'trail'> {
  if (inputs !== 4) throw new Error('Not an anchor');
  reader.expect(NOTHING);
  const message = text(reader);
  reader.expect(LOCKED_UNTIL, CLOCK);
  const at = packages.notarization;
  const string = joined(hex('0107'), MOVE, short('string'), short('String'), hex('00'));
  const create = [result(0), input(0), input(0), result(1), input(3)];
  reader.expect(
    hex('03'),
    call(at, 'notarization', 'new_state_from_string', hex('00'), [input(1), input(0)]),
    call(at, 'timelock', 'unlock_at', hex('00'), [input(2), input(3)]),
    call(at, 'locked_notarization', 'create', string, create),
  );
  return { message, trail: null };
}

/** Reads who sends a transaction, who pays with what, and in which epoch it ends. */
function payment(reader: Reader): void {
  reader.take(32);
  reader.sequence(() => reference(reader));
  reader.take(32 + 8 + 8);
  reader.option(() => reader.u64());
}

/** Reads an input that is a text. */
function text(reader: Reader): string {
  reader.expect(hex('00'));
  const inner = new Reader(reader.blob());
  const found = inner.text();
  inner.finish();
  return found;
}

/** Reads an object in one version. */
function reference(reader: Reader): void {
  reader.take(32 + 8);
  reader.expect(hex('20'));
  reader.take(32);
}

function struct(at: string, module: string, name: string): Bytes {
  return joined(hex('07'), hex(at), short(module), short(name), hex('00'));
}

/** Returns the form of a call; `types` has their number before them. */
function call(at: string, module: string, name: string, types: Bytes, given: readonly Bytes[]): Bytes {
  return joined(hex('00'), hex(at), short(module), short(name), types, Uint8Array.of(given.length), ...given);
}

function input(index: number): Bytes {
  return Uint8Array.of(1, index, 0);
}

function result(index: number): Bytes {
  return Uint8Array.of(2, index, 0);
}
