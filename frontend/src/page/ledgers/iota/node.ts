/** A node of IOTA, asked over GraphQL, or over JSON-RPC where only that is offered (ledgers/iota/graphql.py, json_rpc.py). */

import { fromBase64, isObject, type Bytes, type JsonObject, type JsonValue } from '../../../verify';
import { posted } from '../answer';

/** A transaction that was executed; `checkpoint` is null until it is in one. */
export interface Executed {
  /** With its signatures. */
  readonly bytes: Bytes;
  readonly isSuccess: boolean;
  readonly checkpoint: { readonly number: number; readonly time: number } | null;
}

/** An object: its type as Move writes it, all addresses with 64 digits, and its fields. */
export interface MoveObject {
  readonly kind: string;
  readonly contents: Bytes;
}

/** What a node is asked; null is what it does not know. */
export interface IotaNode {
  chain(): Promise<JsonValue | undefined>;
  executed(digest: string): Promise<Executed | null>;
  object(id: string): Promise<MoveObject | null>;
}

const TRANSACTION =
  'query($d:String!){transactionBlock(digest:$d){bcs effects{status checkpoint{sequenceNumber timestamp}}}}';
const OBJECT = 'query($a:IotaAddress!){object(address:$a){asMoveObject{contents{bcs type{repr}}}}}';

class GraphqlNode implements IotaNode {
  constructor(private readonly url: string) {}

  async chain(): Promise<JsonValue | undefined> {
    return (await this.ask('{chainIdentifier}', {})).chainIdentifier;
  }

  async executed(digest: string): Promise<Executed | null> {
    const { transactionBlock } = await this.ask(TRANSACTION, { d: digest });
    if (transactionBlock === null) return null;
    const { bcs, effects } = object(transactionBlock);
    const { status, checkpoint } = object(effects);
    if (status !== 'SUCCESS' && status !== 'FAILURE') throw new Error('Neither');
    const place = checkpoint === null ? null : object(checkpoint);
    return {
      bytes: fromBase64(text(bcs)),
      isSuccess: status === 'SUCCESS',
      checkpoint: place && { number: number(place.sequenceNumber), time: instant(text(place.timestamp)) },
    };
  }

  async object(id: string): Promise<MoveObject | null> {
    const { object: found } = await this.ask(OBJECT, { a: id });
    const move = found === null ? null : object(found).asMoveObject;
    if (move === null) return null;
    const { contents } = object(move);
    if (contents === null) return null;
    const { bcs, type } = object(contents);
    return { kind: kind(text(object(type).repr)), contents: fromBase64(text(bcs)) };
  }

  private async ask(query: string, variables: JsonObject): Promise<JsonObject> {
    const { data, errors } = await posted(this.url, { query, variables });
    if (errors !== undefined) throw new Error('Refused');
    return object(data);
  }
}

class JsonRpcNode implements IotaNode {
  constructor(private readonly url: string) {}

  async chain(): Promise<JsonValue | undefined> {
    return (await this.ask('iota_getChainIdentifier')).result;
  }

  async executed(digest: string): Promise<Executed | null> {
    const options = { showRawInput: true, showEffects: true };
    const { result, error } = await this.ask('iota_getTransactionBlock', digest, options);
    if (isObject(error) && /find the referenced transaction|Transaction \w+ not found/.test(text(error.message)))
      return null;
    const { rawTransaction, effects, checkpoint = null, timestampMs = null } = object(result);
    const { status } = object(object(effects).status);
    if (status !== 'success' && status !== 'failure') throw new Error('Neither');
    const isPlaced = checkpoint !== null && timestampMs !== null;
    return {
      bytes: fromBase64(text(rawTransaction)),
      isSuccess: status === 'success',
      checkpoint: isPlaced ? { number: number(checkpoint), time: number(timestampMs) } : null,
    };
  }

  async object(id: string): Promise<MoveObject | null> {
    const options = { showType: true, showOwner: true, showBcs: true };
    const { data, error = null } = object((await this.ask('iota_getObject', id, options)).result);
    if (isObject(error) && (error.code === 'notExists' || error.code === 'deleted')) return null;
    const { dataType, type, bcsBytes } = object(object(data).bcs);
    if (dataType !== 'moveObject') return null;
    return { kind: kind(text(type)), contents: fromBase64(text(bcsBytes)) };
  }

  private ask(method: string, ...params: JsonValue[]): Promise<JsonObject> {
    return posted(this.url, { jsonrpc: '2.0', id: 1, method, params });
  }
}

/** Returns a node that is spoken to in this way. */
export function nodeAt(url: string, wire: JsonValue | undefined): IotaNode {
  return wire === 'json_rpc' ? new JsonRpcNode(url) : new GraphqlNode(url);
}

function object(value: JsonValue | undefined): JsonObject {
  if (!isObject(value)) throw new Error('Not an object');
  return value;
}

function text(value: JsonValue | undefined): string {
  if (typeof value !== 'string') throw new Error('Not a text');
  return value;
}

/** Returns a whole number from 0 on, which may be written as a text. */
function number(value: JsonValue | undefined): number {
  const found = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  if (typeof found !== 'number' || !Number.isSafeInteger(found) || found < 0) throw new Error('Not a number');
  return found;
}

/** Returns the milliseconds of a time that is written out in UTC. */
function instant(value: string): number {
  const found = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/.test(value) ? Date.parse(value) : NaN;
  if (Number.isNaN(found)) throw new Error('Not a time');
  return found;
}

/** Returns the name of a type as it is written here. */
function kind(value: string): string {
  const whole = (_: string, digits: string): string => `0x${digits.toLowerCase().padStart(64, '0')}`;
  return value.replace(/, */g, ', ').replace(/\b0x([0-9a-fA-F]{1,64})(?=::)/g, whole);
}
