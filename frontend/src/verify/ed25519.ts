/**
 * Ed25519 signatures (RFC 8032 section 5.1), checked in plain TypeScript.
 *
 * For browsers without Ed25519 in WebCrypto, and for pages of plain http, which have no WebCrypto. Some milliseconds a
 * signature. Nothing here is secret, so nothing needs to take the same time for every value; signing is not done here.
 *
 * The points of the curve -x² + y² = 1 + d·x²·y² modulo p are added in extended coordinates (X, Y, Z, T) with x = X/Z,
 * y = Y/Z, x·y = T/Z (section 5.1.4). What is refused is what OpenSSL refuses, and a public key that is not encoded in
 * its one form: the same as in transparency/ed25519.py.
 */

import { joined, same, type Bytes } from './bytes';
import { sha512 } from './sha2';

type Point = readonly [bigint, bigint, bigint, bigint];

const P = 2n ** 255n - 19n;
/** The order of the base point. */
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const D = modulo(-121665n * inverse(121666n));
const ROOT_OF_MINUS_ONE = power(2n, (P - 1n) / 4n);
const NEUTRAL: Point = [0n, 1n, 1n, 0n];
const SIGN = 2n ** 255n;
const POINT_SIZE = 32;

/** The point whose multiples the public keys are: y = 4/5, x even. */
const BASE = decoded(toBytes(modulo(4n * inverse(5n))))!;

/**
 * Tells whether a signature (64 bytes) of a message is that of a public key (32 bytes).
 *
 * (Section 5.1.7: [S]B = R + [k]A, looked at as R = [S]B - [k]A.)
 */
export function isEd25519Signature(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const key = decoded(publicKey);
  if (!key || signature.length !== 2 * POINT_SIZE) return false;
  const commitment = signature.subarray(0, POINT_SIZE);
  const scalar = toNumber(signature.subarray(POINT_SIZE));
  if (scalar >= L) return false;
  const challenge = toNumber(sha512(joined(commitment, publicKey, message))) % L;
  return same(encoded(sumOfMultiples(scalar, BASE, challenge, negative(key))), commitment);
}

/** Returns the sum of any two points, which may be the same (section 5.1.4). */
function added([x1, y1, z1, t1]: Point, [x2, y2, z2, t2]: Point): Point {
  const a = ((y1 - x1) * (y2 - x2)) % P;
  const b = ((y1 + x1) * (y2 + x2)) % P;
  const c = (((2n * t1 * t2) % P) * D) % P;
  const d = (2n * z1 * z2) % P;
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [(e * f) % P, (g * h) % P, (f * g) % P, (e * h) % P];
}

/** Returns the point that adds up with this one to the neutral one. */
function negative([x, y, z, t]: Point): Point {
  return [-x, y, z, -t];
}

/** Returns [m]one + [n]other, both at once, from the highest bit to the lowest. */
function sumOfMultiples(m: bigint, one: Point, n: bigint, other: Point): Point {
  const table = [NEUTRAL, one, other, added(one, other)];
  const [first, second] = [m, n].map((number) => number.toString(2).padStart(256, '0')) as [string, string];
  let total = NEUTRAL;
  for (let place = 0; place < 256; place++) {
    total = added(total, total);
    const choice = Number(first[place]) + 2 * Number(second[place]);
    if (choice) total = added(total, table[choice]!);
  }
  return total;
}

/** Returns the 32 bytes of a point: y, and the lowest bit of x (section 5.1.2). */
function encoded([x, y, z]: Point): Bytes {
  const scale = inverse(modulo(z));
  const parity = modulo(x * scale) & 1n;
  return toBytes(modulo(y * scale) | (parity * SIGN));
}

/** Returns the point of its 32 bytes, or null if they stand for none (section 5.1.3). */
function decoded(data: Uint8Array): Point | null {
  if (data.length !== POINT_SIZE) return null;
  const number = toNumber(data);
  const parity = number / SIGN;
  const y = number % SIGN;
  const found = y < P ? xOf(y) : null;
  if (found === null || (parity && !found)) return null;
  const x = (found & 1n) === parity ? found : P - found;
  return [x, y, 1n, (x * y) % P];
}

/** Returns one of the two x of an y: a root of (y² - 1) / (d·y² + 1), if there is one. */
function xOf(y: bigint): bigint | null {
  const square = modulo((y * y - 1n) * inverse(modulo(D * y * y + 1n)));
  const root = power(square, (P + 3n) / 8n);
  const candidates = [root, (root * ROOT_OF_MINUS_ONE) % P];
  return candidates.find((candidate) => (candidate * candidate) % P === square) ?? null;
}

/** Returns the number of little-endian bytes. */
function toNumber(data: Uint8Array): bigint {
  return data.reduceRight((number, byte) => (number << 8n) | BigInt(byte), 0n);
}

/** Returns the 32 little-endian bytes of a number. */
function toBytes(number: bigint): Bytes {
  return Uint8Array.from({ length: POINT_SIZE }, (_, place) => Number((number >> BigInt(8 * place)) & 255n));
}

function modulo(number: bigint): bigint {
  const rest = number % P;
  return rest < 0n ? rest + P : rest;
}

function inverse(number: bigint): bigint {
  return power(number, P - 2n);
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % P;
    if (bit === '1') result = (result * base) % P;
  }
  return result;
}
