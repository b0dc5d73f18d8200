/** Receipts: what a ledger gave back for an anchor, in the words of the log's owner. */

import { MalformedError } from './errors';
import { isObject, type JsonObject, type JsonValue } from './jcs';
import { parseTime } from './reading';

export const STATUSES = ['submitted', 'confirmed', 'lost'] as const;

export interface Receipt {
  readonly status: (typeof STATUSES)[number];
  /** The transaction's name on the ledger. */
  readonly transaction: string;
  /** By the ledger's clock the anchor was there no later than this; written as in a leaf. */
  readonly confirmedAt: string | null;
  /** Where on the ledger, in words. */
  readonly place: string | null;
  readonly details: JsonObject;
}

// As Python writes a time in UTC: microseconds only where there are any.
const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.(?!000000)\d{6})?\+00:00$/;

/** Returns the receipt of a JSON object. */
export function parseReceipt(value: JsonObject): Receipt {
  const { status, transaction, confirmed_at, place, details } = value;
  const known = STATUSES.find((each) => each === status);
  if (!known || typeof transaction !== 'string' || !isObject(details)) throw new MalformedError('Not a receipt');
  if (place !== null && typeof place !== 'string') throw new MalformedError('Not a receipt');
  return { status: known, transaction, confirmedAt: timeOf(confirmed_at), place, details };
}

function timeOf(value: JsonValue | undefined): string | null {
  if (value === null) return null;
  const [, seconds, fraction = '.000000'] = (typeof value === 'string' && TIME.exec(value)) || [];
  return parseTime(`${seconds}${fraction}Z`);
}
