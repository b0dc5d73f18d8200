/** The lines of a file, counted and hashed. */

import { joined } from './bytes';
import { MalformedError } from './errors';
import { Sha256 } from './sha2';
import type { Bytes } from './bytes';

/** Bytes of a line, its newline included: the longest leaf takes less than a tenth of it. */
export const MAX_LINE = 2 ** 20;

/** A file, or its bytes in pieces of any size. */
export type Source = Blob | AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

const NEWLINE = 10;

export class Lines {
  /** The number of the last line, from 1. */
  number = 0;
  /** Bytes of all lines so far. */
  size = 0;
  private hash = new Sha256();
  private held: Uint8Array = new Uint8Array();
  private pieces: AsyncIterator<Uint8Array>;

  constructor(source: Source) {
    this.pieces = pieces(source);
  }

  /** Returns the next line without its newline. */
  async next(): Promise<Uint8Array> {
    this.number++;
    let end = this.held.indexOf(NEWLINE);
    while (end < 0 && this.held.length < MAX_LINE && (await this.more())) end = this.held.indexOf(NEWLINE);
    if (end >= MAX_LINE || (end < 0 && this.held.length >= MAX_LINE)) throw new MalformedError('The line is too long');
    if (end < 0) throw new MalformedError('The line is cut off');
    const line = this.held.subarray(0, end + 1);
    this.held = this.held.subarray(end + 1);
    this.hash.update(line);
    this.size += line.length;
    return line.subarray(0, -1);
  }

  /** Returns SHA-256 of the lines so far. */
  digest(): Bytes {
    return this.hash.digest();
  }

  /** Refuses anything more. */
  async expectEnd(): Promise<void> {
    while (!this.held.length) if (!(await this.more())) return;
    throw new MalformedError('Something follows the last line');
  }

  /** Stops reading. */
  async close(): Promise<void> {
    await this.pieces.return?.();
  }

  /** Reads another piece; tells whether there was one. */
  private async more(): Promise<boolean> {
    const piece = await this.pieces.next();
    if (piece.done) return false;
    this.held = this.held.length ? joined(this.held, piece.value) : piece.value;
    return true;
  }
}

async function* pieces(source: Source): AsyncGenerator<Uint8Array> {
  if (!(source instanceof Blob)) {
    yield* source;
    return;
  }
  // Not every browser's streams can be iterated over.
  const reader = source.stream().getReader();
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) yield piece.value;
  } finally {
    await reader.cancel();
  }
}
