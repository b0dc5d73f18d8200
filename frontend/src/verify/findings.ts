/** What a proof bundle shows by itself, before any ledger is asked. */

import type { Anchor, BundleReader, Caption, ProvenReading } from './bundle';
import type { Checkpoint } from './checkpoint';
import type { VerifierKey } from './note';

/** Gaps of an entity that are told one by one; further ones are only counted. */
export const MAX_GAPS = 100;

/** Readings of an entity that are not in the bundle: the sequence numbers, both included, and the times around them. */
export interface Gap {
  readonly first: number;
  readonly last: number;
  readonly after: string;
  readonly before: string;
}

/** What a bundle has of one entity: how many readings, from which to which. */
export class Series {
  count = 0;
  missing = 0;
  readonly gaps: Gap[] = [];
  first: ProvenReading | null = null;
  last: ProvenReading | null = null;

  constructor(
    readonly entityId: string,
    readonly name: string,
  ) {}

  /** Takes a reading into account. */
  add(reading: ProvenReading): void {
    if (this.last) this.addGap(this.last, reading);
    this.first ??= reading;
    this.last = reading;
    this.count++;
  }

  private addGap(last: ProvenReading, reading: ProvenReading): void {
    const first = last.leaf.sequence + 1;
    const stop = reading.leaf.sequence;
    if (first === stop) return;
    this.missing += stop - first;
    if (this.gaps.length >= MAX_GAPS) return;
    this.gaps.push({ first, last: stop - 1, after: last.leaf.last_updated, before: reading.leaf.last_updated });
  }
}

/**
 * The readings between two anchored sizes: they are covered by the same anchors.
 *
 * `size` is the least number of leaves of an anchor that covers them, null for those that no anchor in the bundle covers.
 */
export class Period {
  count = 0;
  earliest: string | null = null;
  latest: string | null = null;

  constructor(readonly size: number | null) {}

  /** Takes the time of a reading into account. */
  add(time: string): void {
    this.count++;
    if (this.earliest === null || time < this.earliest) this.earliest = time;
    if (this.latest === null || time > this.latest) this.latest = time;
  }
}

/** What was found in a bundle; true only once all of it has been read. */
export class Findings {
  readonly caption: Caption;
  readonly key: VerifierKey;
  readonly checkpoint: Checkpoint;
  readonly anchors: readonly Anchor[];
  readonly earlier: readonly Checkpoint[];
  readonly series: ReadonlyMap<string, Series>;
  readonly periods: readonly Period[];

  constructor(reader: BundleReader) {
    this.caption = reader.caption;
    this.key = reader.key;
    this.checkpoint = reader.checkpoint;
    this.anchors = reader.anchors;
    this.earlier = reader.earlier;
    this.series = new Map(Array.from(reader.caption.entities, ([id, name]) => [id, new Series(id, name)]));
    const sizes = new Set(reader.anchors.map((anchor) => anchor.checkpoint.size));
    this.periods = [...Array.from(sizes).map((size) => new Period(size)), new Period(null)];
  }

  /** The number of readings. */
  get count(): number {
    return this.sum((series) => series.count);
  }

  /** The number of readings that are left out between others. */
  get missing(): number {
    return this.sum((series) => series.missing);
  }

  /** Takes a reading into account. */
  add(reading: ProvenReading): void {
    this.series.get(reading.leaf.entity_id)?.add(reading);
    this.covering(reading.index).add(reading.leaf.last_updated);
  }

  /** Returns the period of the first anchored size that is larger than an index; the sizes grow. */
  private covering(index: number): Period {
    let [low, high] = [0, this.periods.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.periods[middle]?.size ?? Infinity) > index) high = middle;
      else low = middle + 1;
    }
    return this.periods[low]!;
  }

  private sum(count: (series: Series) => number): number {
    return Array.from(this.series.values(), count).reduce((one, other) => one + other, 0);
  }
}
