/** Two bundles of one log against each other. */

import { same, type Bytes } from './bytes';
import { checkSequence, type ProvenReading } from './bundle';
import { InvalidError } from './errors';
import type { Findings } from './findings';
import { leafToText } from './reading';

/** Contradictions between two bundles that are told; one is enough. */
export const MAX_CONTRADICTIONS = 20;

/** What two bundles contradict each other in; `number` is a size of the log, or an index. */
export interface Contradiction {
  readonly code: 'other_log' | 'fork' | 'forked_reading' | 'numbering';
  readonly number: number | null;
}

/**
 * Two bundles against each other.
 *
 * Their logs are proved to be the same in the first `common` leaves, of the `overlap` that both have. Of the readings
 * there, `shared` are the same in both bundles; `unproved` are in one of them alone, beyond what is proved to be common.
 */
export class Comparison {
  overlap = 0;
  common = 0;
  shared = 0;
  unproved = 0;
  readonly contradictions: Contradiction[] = [];
  private readonly last = new Map<string, ProvenReading>();

  /** Returns the comparison of all that is known before the first reading. */
  static of(one: Findings, other: Findings): Comparison {
    const comparison = new Comparison();
    if (one.key.text !== other.key.text) {
      comparison.contradictions.push({ code: 'other_log', number: null });
      return comparison;
    }
    const [ours, theirs] = [roots(one), roots(other)];
    const sizes = Array.from(ours.keys())
      .filter((size) => theirs.has(size))
      .sort((a, b) => a - b);
    const forked = sizes.find((size) => !same(ours.get(size)!, theirs.get(size)!));
    if (forked !== undefined) comparison.contradictions.push({ code: 'fork', number: forked });
    comparison.overlap = Math.min(one.checkpoint.size, other.checkpoint.size);
    comparison.common = sizes.filter((size) => same(ours.get(size)!, theirs.get(size)!)).at(-1) ?? 0;
    return comparison;
  }

  /** Takes the readings at one index into account: of one bundle, or of both. */
  add(readings: readonly ProvenReading[]): void {
    const [reading, other] = readings;
    if (!reading || this.contradictions.length >= MAX_CONTRADICTIONS) return;
    if (other) this.addShared(reading, other);
    else if (this.common <= reading.index && reading.index < this.overlap) this.unproved++;
    try {
      checkSequence(this.last.get(reading.leaf.entity_id), reading);
    } catch (error) {
      if (!(error instanceof InvalidError)) throw error;
      this.contradictions.push({ code: 'numbering', number: reading.index });
    }
    this.last.set(reading.leaf.entity_id, reading);
  }

  private addShared(one: ProvenReading, other: ProvenReading): void {
    if (leafToText(one.leaf) === leafToText(other.leaf)) this.shared++;
    else this.contradictions.push({ code: 'forked_reading', number: one.index });
  }
}

/** Returns the roots of a log by the sizes at which the bundle proves them. */
function roots(findings: Findings): Map<number, Bytes> {
  const anchored = findings.anchors.map((anchor) => anchor.checkpoint);
  return new Map([...anchored, ...findings.earlier, findings.checkpoint].map((each) => [each.size, each.root]));
}
