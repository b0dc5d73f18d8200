/** Bytes and the texts that stand for them; each text has one form, every other spelling is refused. */

import { MalformedError } from './errors';

export type Bytes = Uint8Array<ArrayBuffer>;

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = new Uint8Array(128).fill(255);
for (let value = 0; value < 64; value++) VALUES[DIGITS.charCodeAt(value)] = value;

const ENCODER = new TextEncoder();
// A byte order mark is a character like any other, and what is no UTF-8 is refused.
const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const HALF_OF_A_PAIR = /\p{Surrogate}/u;

/** Refuses halves of surrogate pairs, which have no UTF-8. */
export function checkUnicode(text: string): void {
  if (HALF_OF_A_PAIR.test(text)) throw new MalformedError('Not Unicode text');
}

/** Returns the UTF-8 of a text. */
export function toUtf8(text: string): Bytes {
  checkUnicode(text);
  return ENCODER.encode(text);
}

/** Returns the text of UTF-8. */
export function fromUtf8(data: Uint8Array): string {
  try {
    return DECODER.decode(data);
  } catch {
    throw new MalformedError('Not UTF-8');
  }
}

/** Returns lower-case hexadecimal digits. */
export function toHex(data: Uint8Array): string {
  return Array.from(data, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Returns standard base64 (RFC 4648 section 4). */
export function toBase64(data: Uint8Array): string {
  let text = '';
  for (let at = 0; at < data.length; at += 3) {
    const [a = 0, b = 0, c = 0] = data.subarray(at, at + 3);
    const digits = [a >> 2, ((a & 3) << 4) | (b >> 4), ((b & 15) << 2) | (c >> 6), c & 63];
    const known = Math.min(data.length - at, 3) + 1;
    text += digits.map((digit, place) => (place < known ? DIGITS[digit] : '=')).join('');
  }
  return text;
}

/** Returns the bytes of standard base64. */
export function fromBase64(text: string): Bytes {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const data = new Uint8Array(Math.max(0, (text.length / 4) * 3 - padding));
  const digits = text.length - padding;
  let bits = 0;
  let held = 0;
  let to = 0;
  for (let at = 0; at < digits; at++) {
    const value = VALUES[text.charCodeAt(at)] ?? 255;
    if (value === 255) throw new MalformedError('Not base64');
    bits = ((bits << 6) | value) & 0xffff;
    held += 6;
    if (held >= 8) data[to++] = bits >> (held -= 8);
  }
  // Digits in groups of four, and no bits that decode to nothing.
  if (text.length % 4 || (bits & ((1 << held) - 1)) !== 0) throw new MalformedError('Not canonical base64');
  return data;
}

/** Tells whether two pieces are the same. */
export function same(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
}

/** Returns pieces one after another. */
export function joined(...pieces: Uint8Array[]): Bytes {
  const data = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    data.set(piece, at);
    at += piece.length;
  }
  return data;
}

/** Tells whether a text has at most so many characters, of which one may be two units of UTF-16. */
export function isAtMost(text: string, most: number): boolean {
  return text.length <= most || (text.length <= 2 * most && Array.from(text).length <= most);
}
