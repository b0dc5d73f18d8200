/** The Merkle tree of RFC 6962 section 2 (RFC 9162 section 2.1): hashes, and proofs that are checked. */

import { same, type Bytes } from './bytes';
import { ProofError } from './errors';
import { Sha256, sha256 } from './sha2';

/** Bytes of a hash: SHA-256. */
export const HASH_SIZE = 32;

/** The root of a log without leaves: the hash of nothing (RFC 6962 section 2.1). */
export const EMPTY_ROOT = sha256(new Uint8Array());

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** Returns the hash of a leaf: SHA-256(00 ‖ data). */
export function leafHash(data: Uint8Array): Bytes {
  return new Sha256().update(LEAF).update(data).digest();
}

/** Returns the hash of two subtrees: SHA-256(01 ‖ left ‖ right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Bytes {
  return new Sha256().update(NODE).update(left).update(right).digest();
}

/** Checks that a leaf is in a log (RFC 9162 section 2.1.3.2); else ProofError. */
export function verifyInclusion(index: number, size: number, leaf: Bytes, proof: readonly Bytes[], root: Bytes): void {
  if (index < 0 || index >= size) throw new ProofError(`No leaf ${index} in a log of ${size}`);
  checkHashes(leaf, root, ...proof);
  const path = new Path(index, size - 1);
  let computed = leaf;
  proof.forEach((sibling, level) => {
    computed = path.isRight() ? parentOf(sibling, computed, level) : parentOf(computed, sibling, level);
    path.climb();
  });
  path.checkEnd();
  if (!same(computed, root)) throw new ProofError('The proof leads to another root');
}

/** The last hash made at each level. Neighbours have most of their ways to the root in common. */
const remembered: { left: Uint8Array; right: Uint8Array; parent: Bytes }[] = [];

/** Returns the hash of two subtrees, which need not be computed where the last ones at this level were the same. */
function parentOf(left: Bytes, right: Bytes, level: number): Bytes {
  const last = remembered[level];
  if (last && same(last.left, left) && same(last.right, right)) return last.parent;
  const parent = nodeHash(left, right);
  remembered[level] = { left, right, parent };
  return parent;
}

/** Checks that one log begins another (RFC 9162 section 2.1.4.2); else ProofError. */
export function verifyConsistency(
  before: number,
  after: number,
  oldRoot: Bytes,
  newRoot: Bytes,
  proof: readonly Bytes[],
): void {
  if (before < 0 || before > after) throw new ProofError(`A log of ${after} leaves never had ${before}`);
  checkHashes(oldRoot, newRoot, ...proof);
  if (before === 0 || before === after) return verifyTrivial(oldRoot, before ? newRoot : EMPTY_ROOT, proof);
  // An old log that is one complete subtree is known already: its root starts the path.
  const [start, ...siblings] = isPowerOfTwo(before) ? [oldRoot, ...proof] : proof;
  if (!start) throw new ProofError('The proof is too short');
  const path = new Path(before - 1, after - 1);
  path.climbWhileRight();
  let oldComputed = start;
  let newComputed = start;
  for (const sibling of siblings) {
    if (path.isRight()) {
      oldComputed = nodeHash(sibling, oldComputed);
      newComputed = nodeHash(sibling, newComputed);
    } else {
      newComputed = nodeHash(newComputed, sibling);
    }
    path.climb();
  }
  path.checkEnd();
  if (!same(oldComputed, oldRoot)) throw new ProofError('The proof leads to another old root');
  if (!same(newComputed, newRoot)) throw new ProofError('The proof leads to another new root');
}

/** The way from a node up to the root, beside that of the last node of its level. Numbers may be larger than 32 bits. */
class Path {
  constructor(
    private node: number,
    private last: number,
  ) {}

  /** Tells whether the next sibling is on the left. */
  isRight(): boolean {
    if (!this.last) throw new ProofError('The proof is too long');
    return this.node % 2 === 1 || this.node === this.last;
  }

  /** Goes up one level, from a right-most node past all those where it has no sibling. */
  climb(): void {
    if (this.node === this.last) while (this.node && this.node % 2 === 0) this.up();
    this.up();
  }

  climbWhileRight(): void {
    while (this.node % 2 === 1) this.up();
  }

  checkEnd(): void {
    if (this.last) throw new ProofError('The proof is too short');
  }

  private up(): void {
    this.node = Math.floor(this.node / 2);
    this.last = Math.floor(this.last / 2);
  }
}

/** Checks the roots where the proof must be empty. */
function verifyTrivial(oldRoot: Bytes, expected: Bytes, proof: readonly Bytes[]): void {
  if (proof.length) throw new ProofError('The proof is too long');
  if (!same(oldRoot, expected)) throw new ProofError('Two roots for one log');
}

function checkHashes(...hashes: Bytes[]): void {
  if (hashes.some((hash) => hash.length !== HASH_SIZE)) throw new ProofError(`A hash is not ${HASH_SIZE} bytes long`);
}

function isPowerOfTwo(size: number): boolean {
  while (size % 2 === 0) size /= 2;
  return size === 1;
}
