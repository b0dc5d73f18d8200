/**
 * EVM chains, asked from a web page: whether a transaction holds a checkpoint, and since when.
 *
 * Nodes are asked over Ethereum's JSON-RPC, in the steps of ledgers/evm/ledger.py. They are taken at their word for what the
 * hash of a transaction is, which the Python program computes.
 */

import { isObject, type AnchorFinding, type JsonObject, type JsonValue } from '../../verify';
import { checkpointIn, each, posted, type Answer } from './answer';

/** What one node knows: the block that holds the checkpoint, that none does yet, or that it is not there. */
type Sight = { block: string; height: number; time: number; isFinal: boolean } | 'pending' | 'absent';

const PREFIX = 'sensorchain/v1\n';
/** Transactions of one anchor: sent again with a higher fee. */
const MOST_TRANSACTIONS = 20;

/** Asks nodes for an anchor: more than half must answer, and say the same. */
export async function askEvm(finding: AnchorFinding, nodes: readonly string[]): Promise<Answer> {
  const sights = await each(nodes, (node) => look(node, finding));
  if (2 * sights.length <= nodes.length) return { standing: 'unknown' };
  if (sights.every((sight) => sight === 'absent')) return { standing: 'lost' };
  const found = sights.filter((sight) => typeof sight === 'object');
  const [first] = found;
  const isAgreed =
    found.length === sights.length && found.every((sight) => sight.isFinal && sight.block === first?.block);
  if (!first || !isAgreed) return { standing: 'pending' };
  return { standing: 'confirmed', place: { words: `block ${first.height}`, time: first.time } };
}

async function look(node: string, { anchor, receipt }: AnchorFinding): Promise<Sight> {
  const { settings } = anchor;
  if (quantity(await call(node, 'eth_chainId')) !== settings.chain_id) throw new Error('Another chain');
  const { transactions } = receipt.details;
  const names = new Set([receipt.transaction, ...(Array.isArray(transactions) ? transactions : [])]);
  let isKnown = false;
  for (const name of Array.from(names).slice(0, MOST_TRANSACTIONS)) {
    const transaction = await call(node, 'eth_getTransactionByHash', [name]);
    if (!isObject(transaction) || checkpointOf(transaction.input) !== anchor.checkpoint.note) continue;
    isKnown = true;
    const included = await call(node, 'eth_getTransactionReceipt', [name]);
    if (!isObject(included) || included.status !== '0x1' || typeof included.blockNumber !== 'string') continue;
    const block = await call(node, 'eth_getBlockByNumber', [included.blockNumber, false]);
    if (!isObject(block) || typeof block.hash !== 'string' || block.hash !== included.blockHash) continue;
    const height = quantity(included.blockNumber);
    const isFinal = height <= (await finalBlock(node, settings));
    return { block: block.hash, height, time: 1000 * quantity(block.timestamp), isFinal };
  }
  return isKnown ? 'pending' : 'absent';
}

/** Returns the number of the last block that is final by the ledger's rule. */
async function finalBlock(node: string, { finality, blocks }: JsonObject): Promise<number> {
  const isCounted = finality === 'blocks';
  const tag = isCounted || typeof finality !== 'string' ? 'latest' : finality;
  const block = await call(node, 'eth_getBlockByNumber', [tag, false]);
  if (!isObject(block)) return -1;
  return quantity(block.number) - (isCounted ? Number(blocks) - 1 : 0);
}

async function call(node: string, method: string, params: JsonValue[] = []): Promise<JsonValue> {
  const answer = await posted(node, { jsonrpc: '2.0', id: 1, method, params });
  if (answer.result === undefined) throw new Error('No answer');
  return answer.result;
}

/** Returns the checkpoint in the data of a transaction. */
function checkpointOf(data: JsonValue | undefined): JsonValue | undefined {
  if (typeof data !== 'string' || !/^0x([0-9a-f]{2})*$/i.test(data)) return undefined;
  const text = data.slice(2).replace(/../g, (byte) => String.fromCharCode(parseInt(byte, 16)));
  return text.startsWith(PREFIX) ? checkpointIn(text.slice(PREFIX.length)) : undefined;
}

function quantity(value: JsonValue | undefined): number {
  const number = typeof value === 'string' && /^0x[0-9a-f]{1,14}$/i.test(value) ? parseInt(value, 16) : NaN;
  if (!Number.isSafeInteger(number)) throw new Error('Not a number');
  return number;
}
