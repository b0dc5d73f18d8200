/** The readings of one entity, as a plot needs them. */

import { toMilliseconds, type ProvenReading, type Series } from '../verify';
import { plain } from './plain';

/** The readings of an entity in their order: times (milliseconds since 1970), numbers (NaN for none), and themselves. */
export class Track {
  readonly readings: ProvenReading[] = [];
  readonly times: number[] = [];
  readonly numbers: number[] = [];
  private numeric = 0;

  constructor(readonly entityId: string) {}

  add(reading: ProvenReading): void {
    const { last_updated, state } = reading.leaf;
    const number = state.trim() === '' ? NaN : Number(state);
    this.readings.push(reading);
    this.times.push(toMilliseconds(last_updated));
    this.numbers.push(Number.isFinite(number) ? number : NaN);
    if (Number.isFinite(number)) this.numeric++;
  }

  /** Whether it is drawn as a line: most of its states are numbers. */
  get isNumeric(): boolean {
    return 2 * this.numeric > this.readings.length;
  }

  get unit(): string {
    return plain(this.readings.find((reading) => reading.leaf.unit)?.leaf.unit ?? '');
  }

  /** The lowest and highest number. */
  get range(): [low: number, high: number] {
    let [low, high] = [Infinity, -Infinity];
    for (const number of this.numbers) {
      if (number < low) low = number;
      if (number > high) high = number;
    }
    return [low, high];
  }

  /** Returns the number of the reading that is nearest to a time. */
  nearest(time: number): number {
    let [low, high] = [0, this.times.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.times[middle]! < time) low = middle + 1;
      else high = middle;
    }
    const before = this.times[low - 1];
    return before !== undefined && time - before < Math.abs(this.times[low]! - time) ? low - 1 : low;
  }

  /** Tells whether readings are missing before the one of a number. */
  isAfterGap(number: number): boolean {
    const [before, reading] = [this.readings[number - 1], this.readings[number]];
    return Boolean(before && reading && reading.leaf.sequence !== before.leaf.sequence + 1);
  }
}

/** A stretch of the plot in pixels, with all that is needed to say what it is. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly state: string;
}

/** How names are told apart that an owner gave no name: by the entity id. */
export function nameOf(series: Series): string {
  return plain(series.name || series.entityId);
}
