/**
 * Bitcoin through OpenTimestamps, asked from a web page: whether a block holds a checkpoint, and since when.
 *
 * The timestamp is in the receipt. It leads from the checkpoint to the merkle root of a block; explorers (Esplora) give that
 * block's header, whose hash and proof of work are checked here, as in ledgers/opentimestamps.
 */

import { BITCOIN, fromBase64, joined, sha256, toHex, toUtf8, type AnchorFinding, type Bytes } from '../../verify';
import { each, matching, type Answer } from './answer';

/** A block that a timestamp leads to, and what its merkle root must be. */
interface Attested {
  readonly height: number;
  readonly root: Bytes;
}

interface Block {
  readonly genesis: string;
  readonly header: string;
  readonly tip: number;
}

const MAGIC = '004f70656e54696d657374616d7073000050726f6f6600bf89e2e884e89294';
const IN_BLOCK = '0588960d73d71901';
const MOST_DEPTH = 256;
const MOST_MESSAGE = 4096;
const MOST_BLOCKS = 8;
/** How many explorers must say the same, where there are more than one. */
const AGREEING = 2;

/** The target of difficulty 1, and how many times harder a block of Bitcoin itself must be. */
const EASIEST = 0xffffn << 208n;
const LEAST_DIFFICULTY = 10n ** 13n;

/** Asks explorers for the blocks that an anchor's timestamp names, the lowest first. */
export async function askBitcoin({ anchor, receipt }: AnchorFinding, nodes: readonly string[]): Promise<Answer> {
  const { proof } = receipt.details;
  const named = typeof proof === 'string' ? attested(proof, anchor.checkpoint.note) : null;
  if (!named) return { standing: 'lost' };
  const { confirmations, network } = anchor.settings;
  let isWaiting = !named.length;
  for (const { height, root } of named.slice(0, MOST_BLOCKS)) {
    const block = await agreed(nodes, height);
    if (block === 'unknown') return { standing: 'unknown' };
    if (block && typeof network === 'string' && block.genesis !== network) return { standing: 'unknown' };
    const isDeep = block && block.tip - height + 1 >= Number(confirmations);
    if (block && block.header.slice(72, 136) !== toHex(root)) continue;
    if (block && isDeep) {
      const isTrial = block.genesis !== BITCOIN;
      const words = isTrial ? `block ${height} of another chain than Bitcoin` : `block ${height}`;
      return { standing: 'confirmed', place: { words, time: 1000 * number(block.header.slice(136, 144)), isTrial } };
    }
    isWaiting = true;
  }
  return { standing: isWaiting ? 'pending' : 'lost' };
}

/** Returns the block at a height as the explorers agree on it, null where there is none yet. */
async function agreed(nodes: readonly string[], height: number): Promise<Block | null | 'unknown'> {
  const answers = await each(nodes, (node) => blockAt(node, height));
  const headers = new Set(answers.flatMap((block) => block?.header ?? []));
  if (answers.length < Math.min(AGREEING, nodes.length) || headers.size > 1) return 'unknown';
  const blocks = answers.filter((block) => block !== null);
  if (blocks.length < Math.min(AGREEING, nodes.length)) return null;
  return blocks.reduce((one, other) => (one.tip < other.tip ? one : other));
}

async function blockAt(node: string, height: number): Promise<Block | null> {
  const api = node.replace(/\/+$/, '');
  const [genesis, hash, tip] = await Promise.all([
    matching(`${api}/block-height/0`, /^[0-9a-f]{64}$/),
    matching(`${api}/block-height/${height}`, /^[0-9a-f]{64}$/),
    matching(`${api}/blocks/tip/height`, /^(0|[1-9][0-9]{0,9})$/),
  ]);
  if (!hash) return null;
  const header = await matching(`${api}/block/${hash}/header`, /^[0-9a-f]{160}$/);
  if (!header || !genesis || !tip || !isWorked(header, hash, genesis)) throw new Error('Not a block of the chain');
  return { genesis, header, tip: Number(tip) };
}

/** Tells whether a header has this hash and its proof of work; both are SHA-256 twice, shown backwards. */
function isWorked(header: string, hash: string, genesis: string): boolean {
  const bits = number(header.slice(144, 152));
  const [size, digits] = [BigInt(bits >>> 24) - 3n, BigInt(bits & 0xffffff)];
  const target = size > 0n ? digits << (8n * size) : digits >> (8n * -size);
  const found = toHex(sha256(sha256(fromHex(header))).reverse());
  const isHard = genesis !== BITCOIN || target * LEAST_DIFFICULTY <= EASIEST;
  return found === hash && digits <= 0x7fffffn && BigInt(`0x${found}`) <= target && isHard;
}

// The timestamp: docs in ledgers/opentimestamps/timestamp.py

/** Returns the blocks that a timestamp of a note leads to, the lowest first; null for what is none. */
function attested(proof: string, note: string): Attested[] | null {
  try {
    const reader = new Reader(fromBase64(proof));
    if (toHex(reader.take(MAGIC.length / 2)) !== MAGIC || reader.number() !== 1 || reader.byte() !== 8) return null;
    const digest = reader.take(32);
    if (toHex(digest) !== toHex(sha256(toUtf8(note)))) return null;
    const found: Attested[] = [];
    walk(reader, digest, MOST_DEPTH, found);
    return reader.isAtEnd ? found.sort((one, other) => one.height - other.height) : null;
  } catch {
    return null;
  }
}

/** Follows all operations from a message to the blocks that attest what they lead to. */
function walk(reader: Reader, message: Bytes, depth: number, found: Attested[]): void {
  if (!depth || message.length > MOST_MESSAGE) throw new Error('Not a timestamp');
  for (let isLast = false; !isLast;) {
    const first = reader.byte();
    isLast = first !== 0xff;
    const tag = isLast ? first : reader.byte();
    if (tag === 0) attestation(reader, message, found);
    else walk(reader, applied(reader, tag, message), depth - 1, found);
  }
}

function attestation(reader: Reader, root: Bytes, found: Attested[]): void {
  const kind = toHex(reader.take(8));
  const payload = new Reader(reader.take(reader.number()));
  if (kind === IN_BLOCK) found.push({ height: payload.number(), root });
}

function applied(reader: Reader, tag: number, message: Bytes): Bytes {
  if (tag === 0x08) return sha256(message);
  if (tag === 0xf0) return joined(message, reader.take(reader.number()));
  if (tag === 0xf1) return joined(reader.take(reader.number()), message);
  throw new Error('Not an operation that calendars use');
}

class Reader {
  private at = 0;

  constructor(private readonly data: Bytes) {}

  get isAtEnd(): boolean {
    return this.at === this.data.length;
  }

  byte(): number {
    return this.take(1)[0]!;
  }

  take(count: number): Bytes {
    if (count > this.data.length - this.at) throw new Error('Cut off');
    return this.data.slice(this.at, (this.at += count));
  }

  /** Returns a number as LEB128: seven bits a byte, the least significant first. */
  number(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new Error('Too large');
  }
}

function fromHex(text: string): Bytes {
  return Uint8Array.from({ length: text.length / 2 }, (_, at) => parseInt(text.slice(2 * at, 2 * at + 2), 16));
}

/** Returns the number of four bytes in hexadecimal digits, least significant first. */
function number(text: string): number {
  return new DataView(fromHex(text).buffer).getUint32(0, true);
}
