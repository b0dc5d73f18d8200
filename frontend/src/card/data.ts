/** What SensorChain's websocket API tells, kept for all cards of a page. */

import type { Connection, Hass } from './hass';

export type Status = 'recorded' | 'submitted' | 'confirmed' | 'failed' | 'overdue' | 'unreachable';

export interface Log {
  readonly title: string;
  readonly size: number;
  readonly submitted_size: number;
  readonly confirmed_size: number;
  readonly not_stored: number;
  readonly verifier_key: string;
}

export interface Anchor {
  readonly ledger: string;
  readonly size: number;
  readonly prepared_at: string;
  readonly confirmed_at: string | null;
  readonly existed_before: string | null;
  readonly place: string | null;
  readonly transaction: string;
  readonly explorer: string | null;
}

export interface Cost {
  readonly unit: string;
  readonly last: string | null;
  readonly spent: string | null;
  readonly balance: string | null;
  readonly anchors_left: number | null;
  readonly is_low: boolean;
}

export interface Ledger {
  readonly log: string;
  readonly title: string;
  readonly kind: string;
  readonly device: string | null;
  /** Whether it proves nothing to strangers: a network for tests, a private one, or an unknown one. */
  readonly is_trial: boolean;
  readonly connected: boolean | null;
  readonly rejected: boolean;
  readonly error: string | null;
  readonly submitted_size: number;
  readonly confirmed_size: number;
  readonly awaiting: number;
  readonly cadence: number;
  readonly last_anchor: Anchor | null;
  readonly last_confirmed: Anchor | null;
  readonly seconds_to_confirmation: number | null;
  readonly expected_at: string | null;
  readonly cost: Cost | null;
  readonly can_anchor: boolean;
}

export interface Reading {
  readonly index: number;
  /** As it is in the log: an entity may have been renamed since. */
  readonly entity_id: string;
  readonly sequence: number;
  readonly state: string;
  readonly unit: string | null;
  readonly time: string;
  readonly public: boolean;
  readonly status: Status;
  readonly anchor: Anchor | null;
}

export interface Entity {
  readonly log: string;
  readonly entity_id: string;
  readonly public: boolean;
  readonly status: Status | null;
  readonly reading: Reading | null;
  /** The newest confirmed reading, where that is an older one. */
  readonly confirmed: Reading | null;
}

export interface Page {
  readonly readings: readonly Reading[];
  readonly next: number | null;
}

export interface Proof {
  readonly index: number;
  readonly leaf: string;
  readonly proof: string;
  readonly verifier_key: string;
  /** The same of each ledger's own anchor. */
  readonly anchors: readonly { readonly ledger: string; readonly size: number; readonly proof: string }[];
}

export interface LedgerAnswer {
  readonly ledger: string;
  readonly title: string;
  readonly size: number;
  readonly status: 'confirmed' | 'submitted' | 'lost' | null;
  /** Whether it proves nothing to strangers; not told where it could not be asked. */
  readonly is_trial?: boolean;
  readonly existed_before: string | null;
  readonly place: string | null;
  readonly problem: string | null;
  readonly error: string | null;
}

type Rows<T> = Readonly<Record<string, T | null>>;

interface OverviewEvent {
  readonly full: boolean;
  readonly now: string;
  readonly logs: Rows<Log>;
  readonly ledgers: Rows<Ledger>;
  readonly entities: Rows<Entity>;
}

/** A slot of a timeline: its number, how many readings, their first and last index, the last state. */
export type Slot = readonly [number: number, count: number, first: number, last: number, state: string];

export interface TimelineEvent {
  readonly full: boolean;
  readonly slots: readonly Slot[];
}

/** The overview: one subscription for all cards of a page, as long as there is one. */
export class Overview {
  readonly logs = new Map<string, Log>();
  readonly ledgers = new Map<string, Ledger>();
  readonly entities = new Map<string, Entity>();
  /** Whether it was told what there is. */
  isKnown = false;
  /** Why it is not told: an integration that is not set up, say. */
  problem: string | undefined;

  private readonly listeners = new Set<() => void>();
  private subscription: Promise<() => Promise<void>> | undefined;
  private clockLag = 0;

  private static readonly all = new WeakMap<Connection, Overview>();

  private constructor(private readonly connection: Connection) {}

  static of(connection: Connection): Overview {
    let overview = Overview.all.get(connection);
    if (!overview) Overview.all.set(connection, (overview = new Overview(connection)));
    return overview;
  }

  /** Calls a listener whenever something has changed; returns how to stop. */
  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    this.subscription ??= this.subscribe();
    return () => {
      this.listeners.delete(listener);
      if (!this.listeners.size) this.unsubscribe();
    };
  }

  /** The time in milliseconds, by Home Assistant's clock: readings have its times. */
  now(): number {
    return Date.now() + this.clockLag;
  }

  private subscribe(): Promise<() => Promise<void>> {
    const subscription = this.connection.subscribeMessage<OverviewEvent>((event) => this.receive(event), {
      type: 'sensorchain/overview',
    });
    subscription.catch((error: { message?: string }) => {
      this.problem = error.message ?? String(error);
      this.subscription = undefined;
      this.tell();
    });
    return subscription;
  }

  private unsubscribe(): void {
    void this.subscription?.then((stop) => stop()).catch(() => undefined);
    this.subscription = undefined;
    this.isKnown = false;
  }

  private receive(event: OverviewEvent): void {
    this.problem = undefined;
    this.clockLag = Date.parse(event.now) - Date.now();
    for (const [table, rows] of [
      [this.logs, event.logs],
      [this.ledgers, event.ledgers],
      [this.entities, event.entities],
    ] as const) {
      if (event.full) table.clear();
      merge(table as Map<string, unknown>, rows);
    }
    this.isKnown = true;
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

function merge(table: Map<string, unknown>, rows: Rows<unknown>): void {
  for (const [key, row] of Object.entries(rows)) {
    if (row === null) table.delete(key);
    else table.set(key, row);
  }
}

/** Returns an entity's newest confirmed reading. */
export function lastConfirmed({ reading, confirmed }: Entity): Reading | null {
  return reading?.status === 'confirmed' ? reading : confirmed;
}

/** A page of an entity's readings, newest first. */
export function readings(
  hass: Hass,
  entity: Entity,
  options: { before?: number; start?: string; stop?: string; limit?: number },
): Promise<Page> {
  return hass.callWS({ type: 'sensorchain/readings', log: entity.log, entity_id: entity.entity_id, ...options });
}

export function proof(hass: Hass, entity: Entity, index: number): Promise<Proof> {
  return hass.callWS({ type: 'sensorchain/proof', log: entity.log, entity_id: entity.entity_id, index });
}

export async function askLedgers(hass: Hass, entity: Entity, index: number): Promise<readonly LedgerAnswer[]> {
  const message = { type: 'sensorchain/verify', log: entity.log, entity_id: entity.entity_id, index };
  return (await hass.callWS<{ ledgers: readonly LedgerAnswer[] }>(message)).ledgers;
}

/** Has a ledger anchor now; returns how many readings the anchor will cover. */
export async function anchorNow(hass: Hass, ledger: string): Promise<number> {
  return (await hass.callWS<{ size: number }>({ type: 'sensorchain/anchor', ledger })).size;
}

/** Has the browser download a proof bundle of an entity. */
export async function download(hass: Hass, entity: Entity, query: Readonly<Record<string, string>>): Promise<void> {
  const parameters = new URLSearchParams({ entity_id: entity.entity_id, ...query });
  const { path } = await hass.callWS<{ path: string }>({
    type: 'auth/sign_path',
    path: `/api/sensorchain/bundle/${entity.log}?${parameters}`,
    expires: 300,
  });
  const link = document.createElement('a');
  link.href = hass.hassUrl(path);
  link.download = '';
  document.body.append(link);
  link.click();
  link.remove();
}
