/**
 * SHA-256 and SHA-512 (FIPS 180-4).
 *
 * WebCrypto has both, but takes some microseconds for each of millions of small hashes, and pages of plain http have no
 * WebCrypto. Nothing here is secret.
 */

import type { Bytes } from './bytes';

const PRIMES = Array.from({ length: 410 }, (_, n) => n).filter(isPrime);

/** The first 64 bits of the fractional parts of the cube roots of the first 80 primes (section 4.2.3). */
const CONSTANTS = PRIMES.map((prime) => BigInt.asUintN(64, root(BigInt(prime) << 192n, 3n)));

/** The same of the square roots of the first eight (section 5.3.5). */
const START = PRIMES.slice(0, 8).map((prime) => BigInt.asUintN(64, root(BigInt(prime) << 128n, 2n)));

/** Those of SHA-256 are the first halves (sections 4.2.2 and 5.3.3). */
const CONSTANTS_256 = Int32Array.from(CONSTANTS.slice(0, 64), firstHalf);
const START_256 = Int32Array.from(START, firstHalf);

const BLOCK = 64;
const schedule = new Int32Array(64);
const ending = new Uint8Array(2 * BLOCK);

/** A SHA-256 of data that comes in pieces. */
export class Sha256 {
  private state = START_256.slice();
  private rest = new Uint8Array(BLOCK);
  private length = 0;

  /** Takes the next piece. */
  update(data: Uint8Array): this {
    const held = this.length % BLOCK;
    this.length += data.length;
    let at = 0;
    if (held) {
      at = Math.min(BLOCK - held, data.length);
      this.rest.set(data.subarray(0, at), held);
      if (held + at < BLOCK) return this;
      compress(this.state, this.rest, 0);
    }
    for (; at + BLOCK <= data.length; at += BLOCK) compress(this.state, data, at);
    this.rest.set(data.subarray(at));
    return this;
  }

  /** Returns the hash (32 bytes) of all pieces so far; more may follow. */
  digest(): Bytes {
    const state = this.state.slice();
    const held = this.length % BLOCK;
    const size = held < BLOCK - 8 ? BLOCK : 2 * BLOCK;
    ending.fill(0);
    ending.set(this.rest.subarray(0, held));
    ending[held] = 0x80;
    setUint32(ending, size - 8, Math.floor(this.length / 2 ** 29));
    setUint32(ending, size - 4, this.length << 3);
    for (let at = 0; at < size; at += BLOCK) compress(state, ending, at);
    const result = new Uint8Array(32);
    for (let place = 0; place < 8; place++) setUint32(result, 4 * place, state[place]!);
    return result;
  }
}

/** Returns the SHA-256 of data: 32 bytes. */
export function sha256(data: Uint8Array): Bytes {
  return new Sha256().update(data).digest();
}

/** Returns the SHA-512 of data: 64 bytes. For short data: it takes a millisecond. */
export function sha512(data: Uint8Array): Bytes {
  const padded = new Uint8Array(Math.ceil((data.length + 17) / 128) * 128);
  padded.set(data);
  padded[data.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(data.length) * 8n);
  let state = START;
  for (let at = 0; at < padded.length; at += 128) state = compressed(state, view, at);
  const result = new Uint8Array(64);
  const written = new DataView(result.buffer);
  state.forEach((word, place) => written.setBigUint64(place * 8, word));
  return result;
}

/** Takes a block of 64 bytes into a state of SHA-256 (section 6.2.2). */
function compress(state: Int32Array, data: Uint8Array, at: number): void {
  const w = schedule;
  for (let t = 0; t < 16; t++, at += 4) {
    w[t] = (data[at]! << 24) | (data[at + 1]! << 16) | (data[at + 2]! << 8) | data[at + 3]!;
  }
  for (let t = 16; t < 64; t++) {
    const x = w[t - 15]!;
    const y = w[t - 2]!;
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[t] = (w[t - 16]! + s0 + w[t - 7]! + s1) | 0;
  }
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  let e = state[4]!;
  let f = state[5]!;
  let g = state[6]!;
  let h = state[7]!;
  for (let t = 0; t < 64; t++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const one = (h + s1 + (g ^ (e & (f ^ g))) + CONSTANTS_256[t]! + w[t]!) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const two = (s0 + ((a & b) | (c & (a | b)))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  state[0]! += a;
  state[1]! += b;
  state[2]! += c;
  state[3]! += d;
  state[4]! += e;
  state[5]! += f;
  state[6]! += g;
  state[7]! += h;
}

/** Returns the state of SHA-512 after a block of 128 bytes (section 6.4.2). */
function compressed(state: readonly bigint[], data: DataView, at: number): bigint[] {
  const w = Array.from({ length: 16 }, (_, t) => data.getBigUint64(at + 8 * t));
  for (let t = 16; t < 80; t++) {
    const x = w[t - 15]!;
    const y = w[t - 2]!;
    const s0 = turned(x, 1n) ^ turned(x, 8n) ^ (x >> 7n);
    const s1 = turned(y, 19n) ^ turned(y, 61n) ^ (y >> 6n);
    w.push(BigInt.asUintN(64, w[t - 16]! + s0 + w[t - 7]! + s1));
  }
  let [a, b, c, d, e, f, g, h] = state as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];
  w.forEach((word, t) => {
    const s1 = turned(e, 14n) ^ turned(e, 18n) ^ turned(e, 41n);
    const one = h + s1 + ((e & f) ^ (~e & g)) + CONSTANTS[t]! + word;
    const s0 = turned(a, 28n) ^ turned(a, 34n) ^ turned(a, 39n);
    const two = s0 + ((a & b) ^ (a & c) ^ (b & c));
    [a, b, c, d, e, f, g, h] = [BigInt.asUintN(64, one + two), a, b, c, BigInt.asUintN(64, d + one), e, f, g];
  });
  return [a, b, c, d, e, f, g, h].map((word, place) => BigInt.asUintN(64, word + state[place]!));
}

/** Writes 32 bits, most significant first. */
function setUint32(data: Uint8Array, at: number, value: number): void {
  data[at] = value >>> 24;
  data[at + 1] = value >>> 16;
  data[at + 2] = value >>> 8;
  data[at + 3] = value;
}

/** Returns 64 bits turned to the right. */
function turned(word: bigint, places: bigint): bigint {
  return BigInt.asUintN(64, (word >> places) | (word << (64n - places)));
}

/** Returns the largest whole number whose square or cube is not larger. */
function root(value: bigint, degree: bigint): bigint {
  let found = 1n << (BigInt(value.toString(2).length) / degree + 1n);
  for (;;) {
    const next = ((degree - 1n) * found + value / found ** (degree - 1n)) / degree;
    if (next >= found) return found;
    found = next;
  }
}

function firstHalf(word: bigint): number {
  return Number(BigInt.asIntN(32, word >> 32n));
}

function isPrime(n: number): boolean {
  if (n < 2) return false;
  for (let divisor = 2; divisor * divisor <= n; divisor++) if (n % divisor === 0) return false;
  return true;
}
