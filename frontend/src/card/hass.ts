/** What the card uses of Home Assistant's frontend. */

export interface StateObject {
  readonly entity_id: string;
  readonly state: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface Connection {
  subscribeMessage<T>(callback: (event: T) => void, message: object): Promise<() => Promise<void>>;
}

export interface Hass {
  readonly connection: Connection;
  readonly states: Readonly<Record<string, StateObject>>;
  readonly language: string;
  readonly locale: { readonly language: string; readonly time_format?: string; readonly time_zone?: string };
  readonly config: { readonly time_zone: string };
  callWS<T>(message: object): Promise<T>;
  hassUrl(path?: string): string;
  formatEntityState(state: StateObject, value?: string): string;
}

/** A custom card as Home Assistant's card picker lists it. */
export interface CustomCard {
  readonly type: string;
  readonly name: string;
  readonly description: string;
  readonly preview: boolean;
  readonly documentationURL: string;
  /** What to propose for an entity that the person has picked, if anything. */
  getEntitySuggestion?(hass: Hass, entityId: string): { config: object } | null;
}

export interface GridOptions {
  readonly columns: number | 'full';
  readonly rows: number | 'auto';
  readonly min_columns?: number;
  readonly min_rows?: number;
}

/** A form of Home Assistant's visual editor. */
export interface ConfigForm {
  readonly schema: readonly FormField[];
  computeLabel(field: FormField): string;
  computeHelper(field: FormField): string | undefined;
}

export interface FormField {
  readonly name: string;
  readonly required?: boolean;
  readonly default?: unknown;
  readonly selector: Readonly<Record<string, unknown>>;
}

declare global {
  interface Window {
    customCards?: CustomCard[];
  }
}
