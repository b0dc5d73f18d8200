/** Inclusion proofs that stand on their own (C2SP tlog-proof v1), and the check of one reading by such a proof. */

import { fromBase64, toBase64, toHex, toUtf8, isAtMost, type Bytes } from './bytes';
import { openCheckpoint, parseDecimal, type Checkpoint } from './checkpoint';
import { InvalidError, MalformedError } from './errors';
import { HASH_SIZE, leafHash, verifyInclusion } from './merkle';
import { MAX_NOTE, VerifierKey } from './note';
import { parseLeaf, type Leaf } from './reading';

/** The most hashes of a proof: one a level, in the largest log that can be counted. */
export const MAX_HASHES = 63;

/** The index of a leaf, the hashes from its sibling up to the root's child, and the signed note of the checkpoint. */
export interface InclusionProof {
  readonly index: number;
  readonly hashes: readonly Bytes[];
  readonly note: string;
}

/** A step of a check, in the order in which they are made; `value` is what it brought to light, `problem` what is wrong. */
export interface Step {
  readonly name: 'leaf' | 'key' | 'signature' | 'inclusion';
  readonly ok: boolean;
  readonly value?: string;
  readonly problem?: string;
}

/** The check of one reading; after a step that failed there are no others. */
export interface ReadingCheck {
  readonly ok: boolean;
  readonly steps: readonly Step[];
  readonly leaf?: Leaf;
  readonly checkpoint?: Checkpoint;
}

const LAYOUT = /^c2sp\.org\/tlog-proof@v1\nindex ([0-9]+)\n((?:[^\n]+\n)*)\n([^]*)$/;

/** Returns the proof of a text, unverified. */
export function parseProof(text: string): InclusionProof {
  const [, index, lines, note] = LAYOUT.exec(text) ?? [];
  if (!isAtMost(text, 2 * MAX_NOTE) || index === undefined || lines === undefined || note === undefined) {
    throw new MalformedError('Not an inclusion proof');
  }
  const hashes = lines.split('\n').slice(0, -1).map(fromBase64);
  if (hashes.length > MAX_HASHES) throw new MalformedError('A proof of too many hashes');
  if (hashes.some((hash) => hash.length !== HASH_SIZE)) throw new MalformedError('Not a hash');
  return { index: parseDecimal(index), hashes, note };
}

/** Checks that a leaf is in the log with a key, and returns the log's checkpoint. */
export async function verifyProof(proof: InclusionProof, leaf: Uint8Array, key: VerifierKey): Promise<Checkpoint> {
  const checkpoint = await openCheckpoint(proof.note, key);
  verifyInclusion(proof.index, checkpoint.size, leafHash(leaf), proof.hashes, checkpoint.root);
  return checkpoint;
}

/**
 * Checks one reading step by step: the text of its leaf, the tlog-proof, and the log's verifier key.
 *
 * What does not hold is told in the steps; nothing is thrown for it.
 */
export async function verifyReading(given: {
  leaf: string;
  proof: string;
  verifierKey: string;
}): Promise<ReadingCheck> {
  const steps: Step[] = [];
  const step = async <T>(name: Step['name'], work: () => T | Promise<T>, tell: (found: T) => string): Promise<T> => {
    try {
      const found = await work();
      steps.push({ name, ok: true, value: tell(found) });
      return found;
    } catch (error) {
      if (error instanceof InvalidError) steps.push({ name, ok: false, problem: error.message });
      throw error;
    }
  };
  const data = new TextEncoder().encode(given.leaf);
  try {
    const leaf = await step(
      'leaf',
      () => parseLeaf(toUtf8(given.leaf)),
      () => toHex(leafHash(data)),
    );
    const key = await step(
      'key',
      () => VerifierKey.parse(given.verifierKey),
      (found) => toHex(found.id),
    );
    const proof = parseProofOr(given.proof, steps);
    const checkpoint = await step(
      'signature',
      () => openCheckpoint(proof.note, key),
      (found) => String(found.size),
    );
    await step(
      'inclusion',
      () => verifyInclusion(proof.index, checkpoint.size, leafHash(data), proof.hashes, checkpoint.root),
      () => toBase64(checkpoint.root),
    );
    return { ok: true, steps, leaf, checkpoint };
  } catch (error) {
    if (error instanceof InvalidError) return { ok: false, steps };
    throw error;
  }
}

/** Returns a proof; one that is none counts as a signature that is missing. */
function parseProofOr(text: string, steps: Step[]): InclusionProof {
  try {
    return parseProof(text);
  } catch (error) {
    if (error instanceof InvalidError) steps.push({ name: 'signature', ok: false, problem: error.message });
    throw error;
  }
}
