/**
 * The Tangle, asked from a web page: whether its nodes hold a checkpoint, and since when at the latest.
 *
 * A node is asked through the HTTP API of the IOTA Reference Implementation, in the steps of ledgers/tangle/ledger.py. It
 * is taken at its word for what the hashes of transactions are and for the proof of work; the signature of the checkpoint
 * in them is what counts, and that was checked before.
 */

import { checkpointIn, each, posted, type Answer, type Place } from './answer';
import type { AnchorFinding, JsonObject } from '../../verify';

/** What one node knows: where and when the checkpoint was confirmed, that it was not yet, or that it is not there. */
type Sight = { confirmed: Milestone } | 'pending' | 'absent';

interface Milestone extends Place {
  readonly number: number;
}

interface Transaction {
  readonly message: string;
  readonly address: string;
  readonly timestamp: number;
  readonly index: number;
  readonly last: number;
  readonly trunk: string;
  readonly attached: number;
}

const TRYTES = '9ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const SIZE = 2673;
/** Transactions of one anchor: many more than any has. */
const MOST_TRANSACTIONS = 100;

/** Asks nodes for an anchor; the majority of those that answer decides. */
export async function askTangle({ anchor, receipt }: AnchorFinding, nodes: readonly string[]): Promise<Answer> {
  const sights = await each(nodes, (node) => look(node, receipt.transaction, anchor.checkpoint.note));
  if (!sights.length) return { standing: 'unknown' };
  const places = sights.flatMap((sight) => (typeof sight === 'object' ? [sight.confirmed] : []));
  places.sort((one, other) => other.number - one.number);
  const [place] = places;
  if (place && 2 * places.length > sights.length) return { standing: 'confirmed', place };
  return { standing: sights.every((sight) => sight === 'absent') ? 'lost' : 'pending' };
}

async function look(node: string, name: string, note: string): Promise<Sight> {
  const text = await messageOf(node, name);
  if (text === null || checkpointIn(text) !== note) return 'absent';
  const { states } = await command(node, { command: 'getInclusionStates', transactions: [name] });
  if (!Array.isArray(states) || states.length !== 1 || typeof states[0] !== 'boolean') throw new Error('No answer');
  return states[0] ? { confirmed: await latest(node) } : 'pending';
}

/** Returns the text that a transaction and those that follow it hold, or null where there is none. */
async function messageOf(node: string, first: string): Promise<string | null> {
  let trytes = '';
  let name = first;
  for (let index = 0; index < MOST_TRANSACTIONS; index++) {
    const found = await transactionOf(node, name);
    if (!found || found.index !== index || found.last >= MOST_TRANSACTIONS) return null;
    trytes += found.message;
    if (index === found.last) return textOf(trytes);
    name = found.trunk;
  }
  return null;
}

/** Returns a node's latest milestone: whatever it confirms was there by then. */
async function latest(node: string): Promise<Milestone> {
  const info = await command(node, { command: 'getNodeInfo' });
  const number = info.latestSolidSubtangleMilestoneIndex;
  const name = info.latestSolidSubtangleMilestone;
  if (typeof number !== 'number' || typeof name !== 'string') throw new Error('No answer');
  const found = await transactionOf(node, name);
  const words = `milestone ${number}`;
  if (!found || found.address !== info.coordinatorAddress) return { number, words, time: null };
  // Its timestamp is in whole seconds, rounded down: what it confirms may be newer.
  const end = 1000 * (found.timestamp + 1);
  return { number, words, time: found.attached >= end - 1000 && found.attached < end ? found.attached : end };
}

/** Returns the fields of a transaction, or null where the node has none of that name. */
async function transactionOf(node: string, name: string): Promise<Transaction | null> {
  const { trytes } = await command(node, { command: 'getTrytes', hashes: [name] });
  const [all] = Array.isArray(trytes) ? trytes : [];
  if (typeof all !== 'string' || all.length !== SIZE || !/^[9A-Z]*$/.test(all)) throw new Error('No answer');
  if (/^9*$/.test(all)) return null;
  return {
    message: all.slice(0, 2187),
    address: all.slice(2187, 2268),
    timestamp: numberOf(all.slice(2322, 2331)),
    index: numberOf(all.slice(2331, 2340)),
    last: numberOf(all.slice(2340, 2349)),
    trunk: all.slice(2430, 2511),
    attached: numberOf(all.slice(2619, 2628)),
  };
}

function command(node: string, body: JsonObject): Promise<JsonObject> {
  return posted(node, body, { 'X-IOTA-API-Version': '1' });
}

/** Returns the number of balanced trytes, least significant first. */
function numberOf(trytes: string): number {
  return Array.from(trytes).reduceRight((sum, tryte) => {
    const digit = TRYTES.indexOf(tryte);
    return 27 * sum + (digit > 13 ? digit - 27 : digit);
  }, 0);
}

/** Returns the ASCII text of trytes, two for a character. */
function textOf(trytes: string): string {
  let text = '';
  for (let at = 0; at + 1 < trytes.length; at += 2) {
    const code = TRYTES.indexOf(trytes[at]!) + 27 * TRYTES.indexOf(trytes[at + 1]!);
    if (code === 0) break;
    text += String.fromCharCode(code);
  }
  return text;
}
