/** The ledgers of a bundle, asked from a web page; only when a person wants it. */

import type { AnchorFinding, JsonValue } from '../../verify';
import type { Asker } from './answer';
import { askBitcoin } from './bitcoin';
import { askEvm } from './evm';
import { askIota } from './iota';
import { askTangle } from './tangle';

/** The ledgers that this page can ask, by their kinds. */
const ASKERS: ReadonlyMap<string, Asker> = new Map([
  ['evm', askEvm],
  ['iota', askIota],
  ['opentimestamps', askBitcoin],
  ['tangle', askTangle],
]);

/** Times in a row that a ledger may fail before it is asked no more. */
const MOST_FAILURES = 3;

/** Anchors of one ledger that are asked for, the newest and then evenly spread: each takes some requests. */
const MOST_ASKED = 200;

/** Servers of one ledger that are asked. */
const MOST_NODES = 8;

/** The last millisecond that has a time in the form of leaves. */
const END_OF_TIME = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Returns the servers of an anchor's ledger that this page can ask: none where it does not know the ledger. */
export function nodesOf({ anchor }: AnchorFinding): string[] {
  const nodes: JsonValue | undefined = anchor.settings.nodes;
  if (!ASKERS.has(anchor.kind) || !Array.isArray(nodes)) return [];
  return nodes.filter(isServer).slice(0, MOST_NODES);
}

/** Returns the anchors as their ledgers know them; `progress` is told how many of how many were asked for. */
export async function askLedgers(
  anchors: readonly AnchorFinding[],
  progress: (done: number, all: number) => void,
): Promise<AnchorFinding[]> {
  const chosen = new Set(spread(anchors.filter((each) => nodesOf(each).length)));
  const failures = new Map<string, number>();
  const found: AnchorFinding[] = [];
  let done = 0;
  for (const anchor of anchors) {
    const nodes = nodesOf(anchor);
    const failed = failures.get(nodes.join()) ?? 0;
    if (!chosen.has(anchor) || failed >= MOST_FAILURES) {
      found.push(chosen.has(anchor) ? { ...anchor, standing: 'unknown', asked: nodes } : anchor);
      continue;
    }
    progress(done++, chosen.size);
    const asked = await ask(anchor, nodes);
    failures.set(nodes.join(), asked.standing === 'unknown' ? failed + 1 : 0);
    found.push(asked);
  }
  return found;
}

async function ask(finding: AnchorFinding, nodes: readonly string[]): Promise<AnchorFinding> {
  const { anchor, receipt } = finding;
  const answer = (await ASKERS.get(anchor.kind)?.(finding, nodes)) ?? { standing: 'unknown' };
  if (answer.standing === 'confirmed') {
    const { time, words } = answer.place;
    const existedBefore = time !== null && time >= 0 && time <= END_OF_TIME ? toText(time) : null;
    const isTrial = finding.isTrial || answer.place.isTrial === true;
    return { ...finding, standing: 'confirmed', existedBefore, place: words, asked: nodes, isTrial };
  }
  const isRefuted = answer.standing === 'lost' && receipt.status === 'confirmed';
  const isPending = receipt.status !== 'confirmed' && answer.standing !== 'unknown';
  return { ...finding, standing: isRefuted ? 'refuted' : isPending ? 'pending' : 'unknown', asked: nodes };
}

function isServer(node: JsonValue): node is string {
  return typeof node === 'string' && /^https?:\/\//.test(node) && URL.canParse(node);
}

/** Returns at most so many: the last, and others at even distances before it. */
function spread<T>(items: readonly T[]): T[] {
  const step = Math.max(1, items.length / MOST_ASKED);
  const count = Math.min(items.length, MOST_ASKED);
  return Array.from({ length: count }, (_, number) => items[items.length - 1 - Math.floor(number * step)]!);
}

/** Returns a time as it stands in a leaf. */
function toText(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '000Z');
}
