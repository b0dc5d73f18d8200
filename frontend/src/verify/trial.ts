/**
 * Trial networks: for tests, private, or not known here.
 *
 * Their tokens or blocks cost nothing, and whoever runs one can make all of it anew, with any time. To strangers they prove
 * nothing of since when something exists. The same as in ledgers/catalog.py, `is_trial`.
 */

import type { JsonObject } from './jcs';

/** EVM chains that are everybody's (ledgers/evm/chains.py). */
const CHAINS: ReadonlySet<unknown> = new Set([
  1, 10, 56, 61, 100, 137, 324, 5000, 8453, 8822, 42161, 42220, 43114, 59144, 534352,
]);

/** The hash of Bitcoin's first block. */
export const BITCOIN = '000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f';

/** The chain identifier of IOTA's mainnet (ledgers/iota/networks.py). */
const IOTA = '6364aad5';

const KINDS: ReadonlyMap<string, (settings: JsonObject) => boolean> = new Map([
  ['evm', ({ chain_id }: JsonObject) => !CHAINS.has(chain_id)],
  ['iota', ({ chain }: JsonObject) => chain !== IOTA],
  ['opentimestamps', ({ network = null }: JsonObject) => network !== null && network !== BITCOIN],
  ['tangle', () => true],
]);

/** Tells whether a ledger's settings name a trial network, as far as they tell. */
export function isTrial(kind: string, settings: JsonObject): boolean {
  return KINDS.get(kind)?.(settings) ?? false;
}
