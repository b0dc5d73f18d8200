/**
 * Checkpoints of a log (C2SP tlog-checkpoint v1.0.0), signed by its key.
 *
 * What is signed has three lines: the log's origin, which is the name of its key; its size in leaves; its root in base64.
 */

import { fromBase64, type Bytes } from './bytes';
import { MalformedError } from './errors';
import { EMPTY_ROOT, HASH_SIZE } from './merkle';
import { openNote, type VerifierKey } from './note';
import { same } from './bytes';

/** The state of a log, and the signed note that says so. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Bytes;
  readonly note: string;
}

const DECIMAL = /^(?:0|[1-9][0-9]{0,18})$/;

/** Returns the checkpoint of a note that the log with this key has signed. */
export async function openCheckpoint(note: string, key: VerifierKey): Promise<Checkpoint> {
  const lines = (await openNote(note, key)).split('\n');
  const [origin, size, encoded, end] = lines;
  if (lines.length !== 4 || !origin || size === undefined || encoded === undefined || end) {
    throw new MalformedError('A checkpoint has three lines');
  }
  const checkpoint = { origin, size: parseDecimal(size), root: fromBase64(encoded), note };
  if (checkpoint.root.length !== HASH_SIZE) throw new MalformedError('Not the size and root of a log');
  if (!checkpoint.size && !same(checkpoint.root, EMPTY_ROOT)) {
    throw new MalformedError('An empty log with the root of another');
  }
  if (origin !== key.name) throw new MalformedError(`A checkpoint of ${origin}, not of ${key.name}`);
  return checkpoint;
}

/** Returns a size or index in decimal digits without leading zeroes, at most 2⁵³ - 1, as large as JSON's numbers can be. */
export function parseDecimal(text: string): number {
  const number = Number(text);
  if (!DECIMAL.test(text) || !Number.isSafeInteger(number)) throw new MalformedError('Not a number');
  return number;
}
