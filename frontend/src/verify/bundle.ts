/**
 * Proof bundles: readings with all that proves them, in one JSON file signed by the log.
 *
 * There is one form of it: the lines that docs/formats.md shows, the JSON in each of them canonical (RFC 8785), each ended
 * by a newline. Every reading is proved to the checkpoint of the bundle, and so is every older checkpoint, anchored or
 * not; the last line signs SHA-256 of all lines before it.
 */

import { fromBase64, fromUtf8, isAtMost, toBase64, type Bytes } from './bytes';
import { openCheckpoint, parseDecimal, type Checkpoint } from './checkpoint';
import { InvalidError, MalformedError, ProofError, SignatureError, UnknownFormatError } from './errors';
import { isObject, parseCanonical, type JsonObject, type JsonValue } from './jcs';
import { Lines, type Source } from './lines';
import { leafHash, verifyConsistency, verifyInclusion } from './merkle';
import { MAX_NOTE, openNote, VerifierKey } from './note';
import { MAX_TEXT, parseLeaf, parseTime, type Leaf } from './reading';

/** The name of the format, in its first line and in what is signed. */
export const FORMAT = 'sensorchain-bundle/v1';

/** Anchors in a bundle, and as many earlier checkpoints: they are kept in memory. */
export const MAX_CHECKPOINTS = 5_000;

/** Bytes before the readings: they are kept in memory. */
export const MAX_HEAD = 2 ** 25;

/** Hashes in a consistency proof: no more than two a level. */
export const MAX_PROOF = 128;

const FIRST_LINE = `{"format":"${FORMAT}",`;
const OTHER_VERSION = /^\{"format":"sensorchain-bundle\/v[1-9]\d{0,8}",$/;
const HASH = '"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]="';
const PROOF = new RegExp(`^\\[(?:${HASH}(?:,${HASH})*)?\\]\\}$`);

/** What a bundle says about itself, in the words of whoever exported it. Nothing of it is proved; it is signed. */
export interface Caption {
  /** The log's title. */
  readonly log: string;
  readonly created: string;
  /** The name of each entity by its id. */
  readonly entities: ReadonlyMap<string, string>;
  /** Readings from `from` until before `until` were asked for, without a limit where null. */
  readonly from: string | null;
  readonly until: string | null;
  /** Whether readings are left out between the first and last of an entity. */
  readonly partial: boolean;
}

/** An anchor whose checkpoint is proved to begin the bundle's log. */
export interface Anchor {
  readonly checkpoint: Checkpoint;
  /** The kind of the ledger, and the name that its owner gave it. */
  readonly kind: string;
  readonly name: string;
  readonly settings: JsonObject;
  readonly receipt: JsonObject;
}

/** A leaf that was proved to be in the log, at its index. */
export interface ProvenReading {
  readonly index: number;
  readonly leaf: Leaf;
}

/**
 * A bundle that is read from front to back; every line is checked before it is told.
 *
 * Nothing is proved until `readings` has come to its end: the signature is in the last line. Errors name the line. Memory
 * does not grow with the readings.
 */
export class BundleReader {
  caption!: Caption;
  key!: VerifierKey;
  checkpoint!: Checkpoint;
  anchors!: readonly Anchor[];
  earlier!: readonly Checkpoint[];
  private readonly last = new Map<string, ProvenReading>();

  private constructor(private readonly lines: Lines) {}

  /** Reads and checks what comes before the readings. */
  static async open(source: Source): Promise<BundleReader> {
    const reader = new BundleReader(new Lines(source));
    await reader.named(() => reader.readHead());
    return reader;
  }

  /** Yields the readings, each of them proved; checks the signature at the end. */
  async *readings(): AsyncGenerator<ProvenReading> {
    try {
      let index = -1;
      for await (const item of this.items('readings')) {
        const reading = this.reading(item);
        if (reading.index <= index) throw new MalformedError('The readings are not in the order of the log');
        index = reading.index;
        this.checkSequence(reading);
        yield reading;
      }
      await this.checkSignature();
    } catch (error) {
      throw this.withLine(error);
    }
  }

  /** Stops reading. */
  async close(): Promise<void> {
    await this.lines.close();
  }

  private async readHead(): Promise<void> {
    await this.expectFormat();
    this.caption = captionOf(await this.field('caption'));
    this.key = VerifierKey.parse(text(await this.field('verifier_key')));
    this.checkpoint = await openCheckpoint(text(await this.field('checkpoint')), this.key);
    this.anchors = await this.ordered(
      'anchors',
      (value) => this.anchor(value),
      (each) => each.checkpoint.size,
    );
    this.earlier = await this.ordered(
      'earlier',
      (value) => this.proved(object(value, 'checkpoint', 'consistency')),
      (each) => each.size,
    );
  }

  private async expectFormat(): Promise<void> {
    const line = latin1(await this.lines.next());
    if (line === FIRST_LINE) return;
    if (OTHER_VERSION.test(line)) throw new UnknownFormatError('A bundle of another version of the format');
    throw new MalformedError('Not a bundle');
  }

  /** Returns the value of the field in the next line. */
  private async field(name: string): Promise<JsonValue> {
    const start = `"${name}":`;
    const line = await this.lines.next();
    if (latin1(line.subarray(0, start.length)) !== start || line.at(-1) !== COMMA) {
      throw new MalformedError(`Not the line of ${name}`);
    }
    return parseCanonical(line.subarray(start.length, -1));
  }

  /** Yields the items of the list that begins in the next line. */
  private async *items(name: string): AsyncGenerator<Uint8Array> {
    if (latin1(await this.lines.next()) !== `"${name}":[`) throw new MalformedError(`Not the list of ${name}`);
    let line = await this.lines.next();
    while (!isEndOfList(line)) {
      const more = line.at(-1) === COMMA;
      yield more ? line.subarray(0, -1) : line;
      line = await this.lines.next();
      if (more === isEndOfList(line)) throw new MalformedError('A comma too many or too few');
    }
  }

  /** Returns the items of a list, which must be in the order of their sizes. */
  private async ordered<T>(
    name: string,
    parse: (value: JsonValue) => Promise<T>,
    size: (item: T) => number,
  ): Promise<T[]> {
    const found: T[] = [];
    for await (const item of this.items(name)) {
      if (this.lines.size > MAX_HEAD) throw new MalformedError(`More than ${MAX_HEAD} bytes before the readings`);
      const parsed = await parse(parseCanonical(item));
      const last = found.at(-1);
      found.push(parsed);
      if (found.length > MAX_CHECKPOINTS) throw new MalformedError(`More than ${MAX_CHECKPOINTS} ${name}`);
      if (last && size(last) > size(parsed)) throw new MalformedError('The checkpoints are not in the order of size');
    }
    return found;
  }

  private async anchor(value: JsonValue): Promise<Anchor> {
    const fields = object(value, 'checkpoint', 'consistency', 'ledger', 'receipt');
    const ledger = object(fields.ledger, 'kind', 'name', 'settings');
    const { settings } = ledger;
    const { receipt } = fields;
    if (!isObject(settings) || !isObject(receipt)) throw new MalformedError('Settings and receipt are not objects');
    const checkpoint = await this.proved(fields);
    return { checkpoint, kind: text(ledger.kind, MAX_TEXT), name: text(ledger.name, MAX_TEXT), settings, receipt };
  }

  /** Returns a checkpoint of this log that is proved to begin the bundle's. */
  private async proved(fields: JsonObject): Promise<Checkpoint> {
    const old = await openCheckpoint(text(fields.checkpoint), this.key);
    const proof = hashes(fields.consistency);
    verifyConsistency(old.size, this.checkpoint.size, old.root, this.checkpoint.root, proof);
    return old;
  }

  /** Returns a reading, proved to be in the log. */
  private reading(item: Uint8Array): ProvenReading {
    // Taken apart by its fixed pieces, which is much faster than as any JSON.
    const line = fromUtf8(item);
    const start = line.indexOf(LEAF);
    const end = line.lastIndexOf(PROOF_OF);
    if (!line.startsWith(INDEX) || start < 0 || end < start + LEAF.length) {
      throw new MalformedError('Not a reading with index, leaf and proof');
    }
    const proof = line.slice(end + PROOF_OF.length);
    if (!PROOF.test(proof)) throw new MalformedError('Not the hashes of a proof');
    const index = parseDecimal(line.slice(INDEX.length, start));
    // Before and after the leaf there is nothing but ASCII.
    const data = item.subarray(start + LEAF.length, item.length - (line.length - end));
    const leaf = parseLeaf(data);
    const path = proof.length > 3 ? proof.slice(2, -3).split('","').map(fromBase64) : [];
    verifyInclusion(index, this.checkpoint.size, leafHash(data), path, this.checkpoint.root);
    return { index, leaf };
  }

  /** Refuses a sequence number that no log would have given. */
  private checkSequence(reading: ProvenReading): void {
    const id = reading.leaf.entity_id;
    if (!this.caption.entities.has(id)) {
      throw new MalformedError('A reading of an entity that the caption does not name');
    }
    checkSequence(this.last.get(id), reading);
    this.last.set(id, reading);
  }

  /** Checks that the log has signed every byte before the last line, and that it is last. */
  private async checkSignature(): Promise<void> {
    const expected = `${FORMAT}\n${toBase64(this.lines.digest())}\n`;
    const line = await this.lines.next();
    if (latin1(line.subarray(0, SIGNATURE.length)) !== SIGNATURE || line.at(-1) !== BRACE) {
      throw new MalformedError('Not the line of the signature');
    }
    const note = text(parseCanonical(line.subarray(SIGNATURE.length, -1)));
    if (note.split('\n— ').length !== 2) throw new MalformedError('Not one signature');
    if ((await openNote(note, this.key)) !== expected) {
      throw new SignatureError('The bundle is not what was signed: it was changed');
    }
    await this.lines.expectEnd();
  }

  /** Names the line in the errors that are raised inside. */
  private async named(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      throw this.withLine(error);
    }
  }

  private withLine(error: unknown): unknown {
    if (error instanceof InvalidError) error.line = this.lines.number;
    return error;
  }
}

const INDEX = '{"index":';
const LEAF = ',"leaf":';
const PROOF_OF = ',"proof":';
const SIGNATURE = '"signature":';
const COMMA = 44;
const BRACE = 125;

/**
 * Refuses the sequence number of a reading after another one of its entity.
 *
 * A log numbers an entity's readings without gaps: the number grows, and no faster than the index.
 */
export function checkSequence(last: ProvenReading | undefined, reading: ProvenReading): void {
  const grown = reading.leaf.sequence - (last?.leaf.sequence ?? -1);
  if (grown < 1 || grown > reading.index - (last?.index ?? -1)) {
    throw new ProofError(
      `The log has numbered ${reading.leaf.entity_id.slice(0, 80)} wrongly: ${last?.leaf.sequence ?? -1}, then ${reading.leaf.sequence}`,
    );
  }
}

function captionOf(value: JsonValue): Caption {
  const fields = object(value, 'created', 'entities', 'from', 'log', 'partial', 'until');
  const { entities, partial } = fields;
  if (!isObject(entities)) throw new MalformedError('The entities are not an object');
  if (typeof partial !== 'boolean') throw new MalformedError('Neither partial nor whole');
  const ids = Object.keys(entities).sort();
  return {
    log: text(fields.log, MAX_TEXT),
    created: parseTime(text(fields.created)),
    entities: new Map(ids.map((id) => [id, text(entities[id], MAX_TEXT)])),
    from: optionalTime(fields.from),
    until: optionalTime(fields.until),
    partial,
  };
}

/** Returns an object with these fields and no others. */
function object(value: JsonValue | undefined, ...names: string[]): JsonObject {
  if (!isObject(value) || Object.keys(value).sort().join() !== names.join()) {
    throw new MalformedError(`Not an object with the fields ${names.join(', ')}`);
  }
  return value;
}

/** Returns a text of at most so many characters. */
function text(value: JsonValue | undefined, most = MAX_NOTE): string {
  if (typeof value !== 'string' || !isAtMost(value, most)) throw new MalformedError(`Not a text of at most ${most}`);
  return value;
}

function optionalTime(value: JsonValue | undefined): string | null {
  return value === null ? null : parseTime(text(value));
}

/** Returns the hashes of a consistency proof. */
function hashes(value: JsonValue | undefined): Bytes[] {
  if (!Array.isArray(value) || value.length > MAX_PROOF) throw new MalformedError('Not the hashes of a proof');
  return value.map((each) => fromBase64(text(each)));
}

/** Returns a character for each byte. */
function latin1(data: Uint8Array): string {
  return data.length > MAX_NOTE ? '' : String.fromCharCode(...data);
}

function isEndOfList(line: Uint8Array): boolean {
  return line.length === 2 && line[0] === 93 && line[1] === COMMA;
}
