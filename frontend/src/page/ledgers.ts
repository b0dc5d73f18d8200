/** The ledgers of a bundle, asked from a web page; only when a person wants it. */

import type { AnchorFinding, JsonValue } from '../verify';
import { askTangle } from './tangle';

/** Times in a row that a ledger may fail before it is asked no more. */
const MOST_FAILURES = 3;

/** Anchors of one ledger that are asked for, the newest and then evenly spread: each takes some requests. */
const MOST_ASKED = 200;

/** Returns the servers of an anchor's ledger that this page can ask: none where it does not know the ledger. */
export function nodesOf({ anchor }: AnchorFinding): string[] {
  const nodes: JsonValue | undefined = anchor.settings.nodes;
  if (anchor.kind !== 'tangle' || !Array.isArray(nodes)) return [];
  return nodes.filter((node): node is string => typeof node === 'string' && /^https?:\/\//.test(node)).slice(0, 8);
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
  const answer = await askTangle(nodes, receipt.transaction, anchor.checkpoint.note);
  if (answer.standing === 'confirmed') {
    const { time, milestone } = answer.place;
    const existedBefore = time === null ? null : toText(time);
    return { ...finding, standing: 'confirmed', existedBefore, place: `milestone ${milestone}`, asked: nodes };
  }
  const isRefuted = answer.standing === 'lost' && receipt.status === 'confirmed';
  const isPending = receipt.status !== 'confirmed' && answer.standing !== 'unknown';
  return { ...finding, standing: isRefuted ? 'refuted' : isPending ? 'pending' : 'unknown', asked: nodes };
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
