/** What files show by themselves, one alone or two against each other. */

import { BundleReader, type ProvenReading } from './bundle';
import { InvalidError, UnknownFormatError } from './errors';
import { Comparison } from './comparison';
import { Findings } from './findings';
import type { Source } from './lines';
import { parseReceipt, type Receipt } from './receipt';

/** What is wrong with a file; "unreadable" is one that could not be read, which tells nothing of it. */
export interface Problem {
  readonly code: string;
  readonly line: number | null;
  readonly message: string;
}

/** A file, and what it shows by itself: findings, which are true only where there is no problem. */
export interface Examination {
  findings: Findings | null;
  /** One for each anchor of the findings. */
  receipts: readonly Receipt[];
  problem: Problem | null;
  /** Whether the problem shows that the file is not genuine; else it cannot be read. */
  isFalse: boolean;
}

export interface Options {
  /** Is told now and then how many readings were checked. */
  progress?: (readings: number) => void;
  /** Is given each reading as it is proved; nothing of it is true before the end. */
  onReading?: (reading: ProvenReading) => void;
  /** Stops the work: what it throws is thrown. */
  signal?: AbortSignal;
}

/** Milliseconds of work without a break: a page stays smooth. */
const STRETCH = 12;

/** Examines a bundle. Nothing is thrown for what is wrong with it. */
export async function examine(source: Source, options: Options = {}): Promise<Examination> {
  const side = await Side.of(source);
  const rest = new Rest(options);
  for await (const reading of side.readings()) {
    options.onReading?.(reading);
    await rest.after();
  }
  rest.end();
  return side.examination;
}

/** Examines two bundles side by side in one pass; they are compared if both can be trusted by themselves. */
export async function examineTwo(
  sources: readonly [Source, Source],
  options: Options = {},
): Promise<[Examination, Examination, Comparison | null]> {
  const [one, other] = [await Side.of(sources[0]), await Side.of(sources[1])];
  const [ours, theirs] = [one.examination, other.examination];
  const comparison = ours.findings && theirs.findings && Comparison.of(ours.findings, theirs.findings);
  const rest = new Rest(options);
  for await (const readings of merged(one.readings(), other.readings())) {
    comparison?.add(readings);
    await rest.after();
  }
  rest.end();
  return [ours, theirs, ours.problem || theirs.problem ? null : comparison];
}

/** Yields the readings of two in the order of their indexes, those at one index together. */
async function* merged(
  one: AsyncGenerator<ProvenReading>,
  other: AsyncGenerator<ProvenReading>,
): AsyncGenerator<ProvenReading[]> {
  let [ours, theirs] = [await one.next(), await other.next()];
  while (!ours.done || !theirs.done) {
    const index = Math.min(ours.done ? Infinity : ours.value.index, theirs.done ? Infinity : theirs.value.index);
    const found: ProvenReading[] = [];
    if (!ours.done && ours.value.index === index) {
      found.push(ours.value);
      ours = await one.next();
    }
    if (!theirs.done && theirs.value.index === index) {
      found.push(theirs.value);
      theirs = await other.next();
    }
    yield found;
  }
}

/** One of the files that are read. */
class Side {
  readonly examination: Examination = { findings: null, receipts: [], problem: null, isFalse: false };
  private reader: BundleReader | null = null;

  /** Reads what comes before the readings. */
  static async of(source: Source): Promise<Side> {
    const side = new Side();
    try {
      side.reader = await BundleReader.open(source);
      side.examination.receipts = side.reader.anchors.map((anchor) => parseReceipt(anchor.receipt));
      side.examination.findings = new Findings(side.reader);
    } catch (error) {
      side.fail(error);
    }
    return side;
  }

  /** Yields the readings up to the first that is wrong. */
  async *readings(): AsyncGenerator<ProvenReading> {
    const { findings } = this.examination;
    if (!findings || !this.reader) return;
    try {
      for await (const reading of this.reader.readings()) {
        findings.add(reading);
        yield reading;
      }
    } catch (error) {
      this.fail(error);
    } finally {
      await this.reader.close();
    }
  }

  /** Keeps what is wrong with the file. */
  private fail(error: unknown): void {
    if (!(error instanceof InvalidError) && !(error instanceof DOMException) && !(error instanceof TypeError))
      throw error;
    const isInvalid = error instanceof InvalidError;
    this.examination.isFalse = isInvalid && !(error instanceof UnknownFormatError);
    this.examination.problem = {
      code: isInvalid ? error.code : 'unreadable',
      line: isInvalid ? error.line : null,
      message: error.message,
    };
  }
}

/** Waits until all other work that is due is done. (A timer would wait for milliseconds more.) */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** Lets the page do other things now and then, and tells it how far the work is. */
class Rest {
  private count = 0;
  private since = performance.now();

  constructor(private readonly options: Options) {}

  /** Counts a reading. */
  async after(): Promise<void> {
    this.count++;
    if (performance.now() - this.since < STRETCH) return;
    this.options.signal?.throwIfAborted();
    this.options.progress?.(this.count);
    await turn();
    this.since = performance.now();
  }

  end(): void {
    this.options.progress?.(this.count);
  }
}
