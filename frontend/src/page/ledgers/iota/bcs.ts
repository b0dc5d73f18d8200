/** BCS, the binary form of everything on a Move chain; a value has one form only (ledgers/iota/bcs.py). */

import { fromUtf8, joined, same, toUtf8, type Bytes } from '../../../verify';

/** Bytes that are being read; whatever does not fit is thrown. */
export class Reader {
  private at = 0;

  constructor(private readonly data: Bytes) {}

  /** Refuses what is left over. */
  finish(): void {
    if (this.at !== this.data.length) throw new Error('Too many bytes');
  }

  /** Returns what `read` has read, byte for byte. */
  within(read: () => void): Bytes {
    const start = this.at;
    read();
    return this.data.slice(start, this.at);
  }

  /** Refuses all but these bytes. */
  expect(...pieces: Bytes[]): void {
    const expected = joined(...pieces);
    if (!same(this.take(expected.length), expected)) throw new Error('Other bytes');
  }

  take(count: number): Bytes {
    if (count > this.data.length - this.at) throw new Error('Cut off');
    return this.data.slice(this.at, (this.at += count));
  }

  /** Returns a number of eight bytes, the least significant first. */
  u64(): bigint {
    return new DataView(this.take(8).buffer).getBigUint64(0, true);
  }

  /** Returns a length, or the number of a variant: seven bits a byte, the least significant first. */
  length(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.take(1)[0]!;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte >= 0x80) continue;
      if ((byte === 0 && shift) || value >= 2 ** 31) break;
      return value;
    }
    throw new Error('Not a length');
  }

  /** Returns which of so many variants it is. */
  variant(count: number): number {
    const found = this.length();
    if (found >= count) throw new Error('Another variant');
    return found;
  }

  blob(): Bytes {
    return this.take(this.length());
  }

  text(): string {
    return fromUtf8(this.blob());
  }

  /** Reads items whose number stands before them; each has a byte at least. */
  sequence(read: () => unknown): void {
    const count = this.length();
    if (count > this.data.length - this.at) throw new Error('Cut off');
    for (let number = 0; number < count; number++) read();
  }

  option<T>(read: () => T): T | null {
    return this.variant(2) ? read() : null;
  }
}

/** Returns bytes of hexadecimal digits. */
export function hex(digits: string): Bytes {
  return Uint8Array.from({ length: digits.length / 2 }, (_, at) => parseInt(digits.slice(2 * at, 2 * at + 2), 16));
}

export function u64(value: bigint): Bytes {
  const data = new Uint8Array(8);
  new DataView(data.buffer).setBigUint64(0, value, true);
  return data;
}

/** Returns bytes with their number, less than 128, before them: the form of a short text or vector of bytes. */
export function short(value: string | Bytes): Bytes {
  const data = typeof value === 'string' ? toUtf8(value) : value;
  return joined(Uint8Array.of(data.length), data);
}
