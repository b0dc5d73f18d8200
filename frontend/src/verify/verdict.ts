/** What is to be said of bundles, once all of it is known. */

import type { Anchor } from './bundle';
import type { Comparison } from './comparison';
import type { Examination } from './examination';
import type { Findings, Period } from './findings';
import type { Receipt } from './receipt';
import { isTrial } from './trial';

export type Outcome = 'genuine' | 'not_genuine' | 'undecided';

/**
 * What is known of an anchor: `pending` is one that its ledger does not confirm and the bundle does not say it had,
 * `refuted` one that the bundle says was confirmed and the ledger does not hold, `unknown` where none could tell.
 */
export type Standing = 'not_checked' | 'confirmed' | 'pending' | 'refuted' | 'unknown';

/** An anchor of a bundle and what its ledger says of it. */
export interface AnchorFinding {
  readonly anchor: Anchor;
  readonly receipt: Receipt;
  readonly standing: Standing;
  /** By the ledger's clock it was there at this time (written as in a leaf), or null where it has none. */
  readonly existedBefore: string | null;
  readonly place: string | null;
  readonly problem: string | null;
  /** The servers that were asked. */
  readonly asked: readonly string[];
  /** Whether it is on a trial network, which proves no time to strangers. */
  readonly isTrial: boolean;
}

/** Readings, and the anchor that proves best since when they exist, if any does; one on a trial network only for want of others. */
export interface Proof {
  readonly period: Period;
  readonly anchor: AnchorFinding | null;
}

/** Why a bundle is not said to be genuine; `count` is a number of readings. */
export interface Reason {
  readonly code: string;
  readonly count?: number;
  readonly anchor?: AnchorFinding;
}

/** What is to be said of one bundle. */
export interface Verdict {
  readonly examination: Examination;
  readonly outcome: Outcome;
  readonly reasons: readonly Reason[];
  readonly anchors: readonly AnchorFinding[];
  readonly proofs: readonly Proof[];
}

/** Returns the anchors of a bundle before any ledger is asked. */
export function unchecked({ findings, receipts }: Examination): AnchorFinding[] {
  const unknown = { standing: 'not_checked', existedBefore: null, place: null, problem: null, asked: [] } as const;
  return (findings?.anchors ?? []).map((anchor, at) => {
    return { anchor, receipt: receipts[at]!, ...unknown, isTrial: isTrial(anchor.kind, anchor.settings) };
  });
}

/** Returns what is to be said of a bundle; `key` is the verifier key that is demanded, or null. */
export function decide(
  examination: Examination,
  anchors: readonly AnchorFinding[],
  { key = null, isOffline }: { key?: string | null; isOffline: boolean },
): Verdict {
  const { findings, problem, isFalse } = examination;
  if (problem || !findings) {
    const outcome = isFalse ? 'not_genuine' : 'undecided';
    return { examination, outcome, reasons: [{ code: problem?.code ?? 'unreadable' }], anchors: [], proofs: [] };
  }
  const proofs = proofsOf(findings.periods, anchors);
  const refuted = anchors.filter((each) => each.standing === 'refuted');
  const reasons: Reason[] = [
    ...falsehoods(findings, key),
    ...refuted.map((anchor) => ({ code: 'anchor_refuted', anchor })),
  ];
  if (reasons.length) return { examination, outcome: 'not_genuine', reasons, anchors, proofs };
  const unproved = isOffline ? [] : unprovedOf(proofs, anchors);
  return { examination, outcome: unproved.length ? 'undecided' : 'genuine', reasons: unproved, anchors, proofs };
}

/** Returns the worst of what is said of bundles and of their comparison. */
export function judge(verdicts: readonly Verdict[], comparison: Comparison | null): Outcome {
  const outcomes = verdicts.map((verdict) => verdict.outcome);
  if (comparison) outcomes.push(compared(comparison));
  const worst: Outcome[] = ['not_genuine', 'undecided', 'genuine'];
  return worst.find((each) => outcomes.includes(each)) ?? 'undecided';
}

/** Returns what is to be said of two bundles against each other. */
export function compared(comparison: Comparison): Outcome {
  if (comparison.contradictions.length) return 'not_genuine';
  return comparison.unproved ? 'undecided' : 'genuine';
}

/** Returns what shows that a bundle is not what it says, or not what was demanded. */
function falsehoods(findings: Findings, key: string | null): Reason[] {
  const reasons: Reason[] = [];
  if (key !== null && key !== findings.key.text) reasons.push({ code: 'other_key' });
  if (findings.missing && !findings.caption.partial)
    reasons.push({ code: 'readings_missing', count: findings.missing });
  return reasons;
}

/** Returns how many readings trial networks alone hold. */
export function onTrial(proofs: readonly Proof[]): number {
  return proofs.reduce((sum, { period, anchor }) => sum + (anchor?.isTrial ? period.count : 0), 0);
}

/** Returns why it cannot be told of some readings that they existed at some time. */
function unprovedOf(proofs: readonly Proof[], anchors: readonly AnchorFinding[]): Reason[] {
  const count = proofs.filter((proof) => !proof.anchor).reduce((sum, proof) => sum + proof.period.count, 0);
  const isProved = !count && anchors.some((each) => each.standing === 'confirmed');
  return isProved ? [] : [{ code: 'not_proved', count }];
}

/**
 * Returns the readings of each period with the best of the anchors that cover them.
 *
 * An anchor covers all that came before it: the later periods are looked at first.
 */
function proofsOf(periods: readonly Period[], anchors: readonly AnchorFinding[]): Proof[] {
  const left = anchors.filter((each) => each.standing === 'confirmed');
  left.sort((one, other) => one.anchor.checkpoint.size - other.anchor.checkpoint.size);
  const proofs: Proof[] = [];
  let best: AnchorFinding | null = null;
  for (const period of periods.toReversed()) {
    while (period.size !== null && (left.at(-1)?.anchor.checkpoint.size ?? -1) >= period.size) {
      best = better(left.pop()!, best);
    }
    if (period.count) proofs.push({ period, anchor: best });
  }
  return proofs.reverse();
}

/** Returns the anchor that was there first; of two at one time, the smaller one. Trial networks come after all others. */
function better(one: AnchorFinding, other: AnchorFinding | null): AnchorFinding {
  if (!other) return one;
  if (one.isTrial !== other.isTrial) return one.isTrial ? other : one;
  const [ours, theirs] = [one.existedBefore ?? '9', other.existedBefore ?? '9'];
  const isSooner = ours === theirs ? one.anchor.checkpoint.size <= other.anchor.checkpoint.size : ours < theirs;
  return isSooner ? one : other;
}
