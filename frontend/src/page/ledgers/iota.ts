/**
 * IOTA, asked from a web page: whether a transaction holds a checkpoint, and since when.
 *
 * The steps are those of ledgers/iota/ledger.py. A transaction's digest is computed here from its bytes, so that no node can
 * show other data; that it was executed, and when, is the nodes' word. What they have forgotten is looked for in the object
 * that it has made: a record of the trail, or a notarization.
 */

import {
  fromBase64,
  same,
  toHex,
  toMilliseconds,
  type AnchorFinding,
  type JsonObject,
  type JsonValue,
} from '../../verify';
import { checkpointIn, each, type Answer } from './answer';
import { u64 } from './iota/bcs';
import { nodeAt, type IotaNode, type MoveObject } from './iota/node';
import { notarizationOf, recordOf, trailOf, type Trail, type Written } from './iota/objects';
import { base58, hash, keptAnchor, signedAnchor, type Kept, type Packages } from './iota/transaction';

/** What one node knows: where the checkpoint stands (in a checkpoint of the network, or in an object), that it is in none yet, or that it is not there. */
type Sight = { words: string; time: number; isObject: boolean } | 'pending' | 'absent';

const MOST_NAMES = 21;
/** Records that are read in search of a message, from where it should be backwards. */
const SEARCHED = 20;

const OBJECT_ID = Uint8Array.of(0xf1);
const CHILD = Uint8Array.of(0xf0);
/** The number of the type u64 in the form of a type. */
const U64 = Uint8Array.of(2);
const MOVE = `0x${'1'.padStart(64, '0')}`;

/** The packages by the networks' identifiers (ledgers/iota/networks.py). */
const NETWORKS: ReadonlyMap<unknown, Packages> = new Map([
  [
    '6364aad5',
    {
      trails: '5439fccfc27e98ddd3f1163f2d1f22ed8384fe109177514093f020a5c0280b1a',
      trails_origin: '960d8a375af7bd09d19f08a9648940caf7e76289de90aa258b9e8e30a84f1b8a',
      notarization: '909ce9dcd9a5e97b7b8884fac8e018fad9dece348bf73837379b8694ff684cf3',
    },
  ],
  [
    '2304aa97',
    {
      trails: '385307a0da2859851d5820646efe617e1a957a3ea172a0f2a63487c987c93d88',
      trails_origin: '51368931f28620c7f65b4ae2c5167b42390e69729357a6347be378755b46e7df',
      notarization: '00412bd469b7f980227c6c574090348239852e43aa07818b315854fdd8a2d25f',
    },
  ],
  [
    'daf90477',
    {
      trails: 'f5d2b3140f54e959fb656fb73593867b8dd36bb972e2bd83db7956d4e2a1d989',
      trails_origin: '42550eab2785cca0f825289176fd92074d92b2ad8bf2f226d24f4f3e16720f84',
      notarization: '72c8433b88e6bdee0eb02a257fdebd0ec2b6c990043f35b155cb4c5cf727fdca',
    },
  ],
]);

/** Asks nodes for an anchor: more than half must answer, and say the same. */
export async function askIota(finding: AnchorFinding, nodes: readonly string[]): Promise<Answer> {
  const sights = await each(nodes, (node) => look(known(node, finding.anchor.settings.wire), finding));
  if (2 * sights.length <= nodes.length) return { standing: 'unknown' };
  if (sights.every((sight) => sight === 'absent')) return { standing: 'lost' };
  const found = sights.filter((sight) => typeof sight === 'object');
  // A node that has forgotten the transaction tells of the object, which is no other place.
  const places = [true, false].map((isObject) => found.filter((sight) => sight.isObject === isObject));
  const isAgreed = places.every((kind) => new Set(kind.map(({ words, time }) => `${words} ${time}`)).size <= 1);
  const [place = null] = places.toSorted((one, other) => other.length - one.length)[0]!;
  if (!place || !isAgreed || found.length < sights.length) return { standing: 'pending' };
  const time = Math.max(...found.map((sight) => sight.time));
  return { standing: 'confirmed', place: { words: place.words, time } };
}

const NODES = new Map<string, IotaNode>();
/** Records by node and object: they do not change, and who looks for one by halving asks for the same ones often. */
const RECORDS = new WeakMap<IotaNode, Map<string, MoveObject>>();

/** Returns a node, the same one each time. */
function known(url: string, wire: JsonValue | undefined): IotaNode {
  const name = `${String(wire)} ${url}`;
  if (!NODES.has(name)) NODES.set(name, nodeAt(url, wire));
  return NODES.get(name)!;
}

async function look(node: IotaNode, finding: AnchorFinding): Promise<Sight> {
  const { settings, checkpoint } = finding.anchor;
  const { transaction, details, confirmedAt } = finding.receipt;
  if ((await node.chain()) !== settings.chain) throw new Error('Another network');
  const packages = packagesOf(settings);
  const kept = keptIn(details, packages);
  const isOurs = ({ message, trail }: Kept): boolean =>
    checkpointIn(message) === checkpoint.note && (trail && `0x${toHex(trail)}`) === (details.trail ?? null);
  const earlier = Array.isArray(details.earlier) ? details.earlier.filter((name) => typeof name === 'string') : [];
  const names = new Set([transaction, ...(kept ? [base58(kept.digest)] : []), ...earlier.reverse()]);
  let isFailed = false;
  for (const name of Array.from(names).slice(0, MOST_NAMES)) {
    const found = /^[1-9A-HJ-NP-Za-km-z]{32,44}$/.test(name) ? await node.executed(name) : null;
    if (!found) continue;
    if (!found.isSuccess) {
      isFailed = true;
      continue;
    }
    const anchor = attempt(() => signedAnchor(found.bytes, packages));
    if (anchor && base58(anchor.digest) !== name) throw new Error('Another transaction');
    if (!anchor || !isOurs(anchor)) return 'absent';
    if (!found.checkpoint) return 'pending';
    return { words: `checkpoint ${found.checkpoint.number}`, time: found.checkpoint.time, isObject: false };
  }
  if (isFailed) return 'absent';
  if (!kept) throw new Error('The receipt does not keep it');
  if (!isOurs(kept) || base58(kept.digest) !== transaction) return 'absent';
  return (await living(node, kept, packages, confirmedAt === null ? null : toMilliseconds(confirmedAt))) ?? 'absent';
}

/** Returns where a network has the packages: of one that is not known, the settings tell. */
function packagesOf(settings: JsonObject): Packages {
  const known = NETWORKS.get(settings.chain);
  if (known) return known;
  const [trails = '', trails_origin = '', notarization = ''] = ['trails', 'trails_origin', 'notarization'].map(
    (name) => /^0x([0-9a-f]{64})$/.exec(String(settings[name]))?.[1],
  );
  if (!trails || !trails_origin || !notarization) throw new Error('No packages');
  return { trails, trails_origin, notarization };
}

/** Returns the anchor that a receipt keeps, null for none. */
function keptIn({ bytes }: JsonObject, packages: Packages): Kept | null {
  return typeof bytes === 'string' ? attempt(() => keptAnchor(fromBase64(bytes), packages)) : null;
}

/** Returns where the message of an anchor stands in an object, null for nowhere. */
async function living(
  node: IotaNode,
  kept: Kept,
  packages: Packages,
  before: number | null,
): Promise<Exclude<Sight, string> | null> {
  if (!kept.trail) {
    const id = `0x${toHex(hash(OBJECT_ID, kept.digest, u64(0n)))}`;
    const kind = `0x${packages.notarization}::notarization::Notarization<${MOVE}::string::String>`;
    const found = await node.object(id);
    const notarized = found?.kind === kind ? notarizationOf(found.contents) : null;
    return notarized?.text === kept.message ? { words: `object ${id}`, time: notarized.time, isObject: true } : null;
  }
  const id = `0x${toHex(kept.trail)}`;
  const found = await node.object(id);
  const origin = `0x${packages.trails_origin}`;
  if (found?.kind !== `${origin}::main::AuditTrail<${origin}::record::Data>`) return null;
  const trail = trailOf(found.contents);
  const end = before === null ? trail.count : await countBefore(node, trail, before);
  for (let number = end - 1; number >= Math.max(0, end - SEARCHED); number--) {
    const record = await recordAt(node, trail, number);
    if (record.text === kept.message)
      return { words: `record ${number} of the trail ${id}`, time: record.time, isObject: true };
  }
  return null;
}

/** Returns how many records were added by a time: their times never decrease. */
async function countBefore(node: IotaNode, trail: Trail, time: number): Promise<number> {
  let [least, most] = [0, trail.count];
  while (least < most) {
    const middle = Math.floor((least + most) / 2);
    if ((await recordAt(node, trail, middle)).time <= time) least = middle + 1;
    else most = middle;
  }
  return least;
}

/** Returns a record: what a table holds under a number is an object, whose id follows from both. */
async function recordAt(node: IotaNode, trail: Trail, number: number): Promise<Written> {
  const key = u64(BigInt(number));
  const id = hash(CHILD, trail.table, u64(BigInt(key.length)), key, U64);
  const name = `0x${toHex(id)}`;
  if (!RECORDS.has(node)) RECORDS.set(node, new Map());
  const records = RECORDS.get(node)!;
  const found = records.get(name) ?? (await node.object(name));
  if (!found || !same(found.contents.slice(0, 40), Uint8Array.from([...id, ...key]))) throw new Error('No such record');
  records.set(name, found);
  return recordOf(found.contents.slice(40), number);
}

/** Returns what comes of reading, null where it cannot be read. */
function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
