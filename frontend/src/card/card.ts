/** custom:sensorchain-card: every recorded entity, and how far its readings have come. */

import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { Overview, type Entity, type Log, type Status } from './data';
import type { ReadingsDialog } from './dialog';
import { byName as compareNames, duration, number } from './format';
import { glyph } from './glyphs';
import type { ConfigForm, GridOptions, Hass } from './hass';
import { nameOf } from './row';
import { shared } from './styles';
import { text, type Key } from './texts';

export interface CardConfig {
  readonly type: string;
  readonly title?: string;
  readonly log?: string;
  readonly entities?: readonly string[];
  readonly hours_to_show?: number;
  readonly timeline?: boolean;
  readonly legend?: boolean;
  readonly rows?: number;
  readonly sort?: 'attention' | 'name' | 'given';
}

const DEFAULTS = { hours_to_show: 24, timeline: true, legend: true, rows: 8, sort: 'attention' } as const;

/** What needs attention comes first. */
const ORDER: readonly (Status | null)[] = [
  'failed',
  'overdue',
  'unreachable',
  'recorded',
  'submitted',
  'confirmed',
  null,
];
/** These are passed through by the hour: nobody wants rows to change places for them. */
const CALM: readonly (Status | null)[] = ['recorded', 'submitted', 'confirmed'];

const MINUTE = 20_000;
/** Rows that are added at a time, as one scrolls. */
const MORE = 25;

// What the editor offers to choose from: the page that was seen last.
let seen: { hass: Hass; overview: Overview } | undefined;

export class ReadingsCard extends LitElement {
  @property({ attribute: false }) hass: Hass | undefined;
  @state() private config: CardConfig | undefined;
  @state() private more = 0;
  @state() private minute = 0;
  private overview: Overview | undefined;
  private stop: (() => void) | undefined;
  private clock = 0;
  private visible: readonly Entity[] = [];
  private readonly end = new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting)) this.more += MORE;
  });

  setConfig(config: CardConfig): void {
    const { hours_to_show: hours, entities, rows } = config;
    if (hours !== undefined && !(Number(hours) > 0)) throw new Error('hours_to_show must be more than 0');
    if (rows !== undefined && !(Number(rows) > 0)) throw new Error('rows must be more than 0');
    if (entities !== undefined && !Array.isArray(entities)) throw new Error('entities must be a list');
    this.config = config;
  }

  static getStubConfig(): Omit<CardConfig, 'type'> {
    return {};
  }

  static getConfigForm(): ConfigForm {
    const language = seen?.hass.language ?? 'en';
    const logs = [...(seen?.overview.logs ?? [])].map(([value, log]) => ({ value, label: log.title }));
    const ids = [...(seen?.overview.entities.values() ?? [])].map((entity) => entity.entity_id);
    const order = (['attention', 'name', 'given'] as const).map((value) => ({
      value,
      label: text(language, `opt_sort_${value}`),
    }));
    return {
      schema: [
        { name: 'title', selector: { text: {} } },
        {
          name: 'entities',
          selector: { entity: { multiple: true, ...(ids.length ? { include_entities: ids } : {}) } },
        },
        ...(logs.length > 1 ? [{ name: 'log', selector: { select: { options: logs, mode: 'dropdown' } } }] : []),
        {
          name: 'hours_to_show',
          default: DEFAULTS.hours_to_show,
          selector: { number: { min: 1, max: 744, mode: 'box' } },
        },
        { name: 'rows', default: DEFAULTS.rows, selector: { number: { min: 1, max: 500, mode: 'box' } } },
        { name: 'sort', default: DEFAULTS.sort, selector: { select: { options: order, mode: 'dropdown' } } },
        { name: 'timeline', default: true, selector: { boolean: {} } },
        { name: 'legend', default: true, selector: { boolean: {} } },
      ],
      computeLabel: ({ name }) => text(language, LABELS[name] ?? 'opt_title'),
      computeHelper: ({ name }) => (HELPERS[name] ? text(language, HELPERS[name]) : undefined),
    };
  }

  getCardSize(): number {
    return 1 + 2 * this.shown().length;
  }

  getGridOptions(): GridOptions {
    return { columns: 12, rows: 'auto', min_columns: 6, min_rows: 2 };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.clock = window.setInterval(() => this.minute++, MINUTE);
    this.follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.clearInterval(this.clock);
    this.stop?.();
    this.stop = this.overview = undefined;
    this.end.disconnect();
  }

  private follow(): void {
    if (!this.hass || !this.isConnected) return;
    const overview = Overview.of(this.hass.connection);
    seen = { hass: this.hass, overview };
    if (overview === this.overview) return;
    this.stop?.();
    this.overview = overview;
    this.stop = overview.listen(() => this.requestUpdate());
  }

  override willUpdate(changed: PropertyValues): void {
    if (changed.has('hass')) this.follow();
  }

  /** Home Assistant sets `hass` for every state of the home; few of them are shown here. */
  override shouldUpdate(changed: PropertyValues): boolean {
    const before = changed.get('hass') as Hass | undefined;
    if (changed.size !== 1 || !before || !this.hass) return true;
    const { states, language, locale } = this.hass;
    if (language !== before.language || locale !== before.locale) return true;
    return this.visible.some((entity) => states[entity.entity_id] !== before.states[entity.entity_id]);
  }

  private option<K extends keyof typeof DEFAULTS>(name: K): NonNullable<CardConfig[K]> | (typeof DEFAULTS)[K] {
    return (this.config?.[name] as NonNullable<CardConfig[K]> | undefined) ?? DEFAULTS[name];
  }

  /** The entities of this card. */
  private shown(): Entity[] {
    const chosen = this.config?.entities ?? [];
    const entities = [...(this.overview?.entities.values() ?? [])].filter(
      (entity) =>
        (!chosen.length || chosen.includes(entity.entity_id)) && (!this.config?.log || entity.log === this.config.log),
    );
    const sort = this.option('sort');
    if (sort === 'given') return entities.sort((a, b) => chosen.indexOf(a.entity_id) - chosen.indexOf(b.entity_id));
    if (!this.hass) return entities;
    const { states } = this.hass;
    const names = new Map(entities.map((each) => [each, nameOf(states[each.entity_id], each)]));
    const compare = compareNames(this.hass);
    const byName = (a: Entity, b: Entity): number => compare(names.get(a) ?? '', names.get(b) ?? '');
    if (sort === 'name') return entities.sort(byName);
    return entities.sort((a, b) => rank(a) - rank(b) || byName(a, b));
  }

  private say(key: Key, values?: Readonly<Record<string, string | number>>): string {
    return text(this.hass?.language ?? 'en', key, values);
  }

  override render(): TemplateResult {
    return html`<ha-card>${this.content()}</ha-card> <sensorchain-dialog .hass=${this.hass}></sensorchain-dialog>`;
  }

  private content(): TemplateResult {
    const { hass, overview } = this;
    if (!hass || !overview) return html``;
    if (overview.problem) return this.message(this.say('not_there', { error: overview.problem }));
    if (!overview.isKnown) return this.message(this.say('loading'));
    const entities = this.shown();
    if (!entities.length) {
      return overview.entities.size
        ? this.message(this.say('nothing_chosen'))
        : this.message(this.say('nothing'), this.say('nothing_help'));
    }
    const most = this.option('rows');
    this.visible = entities.slice(0, most + this.more);
    const hasMore = this.visible.length < entities.length;
    return html`${this.header(hass, entities)}
      <ul>
        ${repeat(
          this.visible,
          (entity) => `${entity.log}/${entity.entity_id}`,
          (entity) => this.row(hass, entity),
        )}
        ${this.more && hasMore ? html`<li class="end"></li>` : nothing}
      </ul>
      ${
        entities.length > most
          ? html`<button class="more" @click=${() => (this.more = this.more ? 0 : MORE)}>
              ${this.more ? this.say('show_less') : this.say('show_all', { n: number(hass, entities.length) })}
            </button>`
          : nothing
      }
      ${this.option('legend') ? this.footer() : nothing}`;
  }

  override updated(): void {
    this.end.disconnect();
    const end = this.renderRoot.querySelector('.end');
    if (end) this.end.observe(end);
  }

  private message(title: string, help?: string): TemplateResult {
    return html`<div class="message">
      <p>${title}</p>
      ${help ? html`<p class="secondary">${help}</p>` : nothing}
    </div>`;
  }

  private header(hass: Hass, entities: readonly Entity[]): TemplateResult | typeof nothing {
    const title = this.config?.title?.trim() || this.logTitle(entities);
    if (title === '-') return nothing;
    const confirmed = entities.filter((entity) => entity.status === 'confirmed').length;
    const worst =
      entities.map((entity) => entity.status).sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b))[0] ?? null;
    const isDone = confirmed === entities.length;
    return html`<div class="header">
      <div class="titles">
        <h2>${title}</h2>
        ${
          this.option('timeline')
            ? html`<div class="secondary">
                ${this.say('span', { time: duration(hass, Number(this.option('hours_to_show')) * 3600) })}
              </div>`
            : nothing
        }
      </div>
      <span class="summary ${isDone ? 'confirmed' : (worst ?? 'none')}">
        ${glyph(isDone ? 'confirmed' : worst)}
        <bdi>
          ${isDone ? this.say('all_confirmed') : this.say('n_confirmed', { n: confirmed, total: entities.length })}
        </bdi>
      </span>
    </div>`;
  }

  private logTitle(entities: readonly Entity[]): string {
    const logs = new Set(entities.map((entity) => entity.log));
    const titles = [...logs].map((log) => this.overview?.logs.get(log)?.title);
    return titles.length === 1 && titles[0] ? titles[0] : this.say('readings');
  }

  private row(hass: Hass, entity: Entity): TemplateResult {
    const log = this.overview?.logs.get(entity.log) as Log;
    return html`<li>
      <sensorchain-row
        .hass=${hass}
        .state=${hass.states[entity.entity_id]}
        .entity=${entity}
        .log=${log}
        .language=${hass.language}
        .timeline=${this.option('timeline')}
        .hours=${Number(this.option('hours_to_show'))}
        .minute=${this.minute}
        @click=${() => this.open(entity)}
      ></sensorchain-row>
    </li>`;
  }

  private footer(): TemplateResult {
    return html`<div class="footer secondary">
      ${(['recorded', 'submitted', 'confirmed'] as const).map(
        (status) => html`<span class="legend">${glyph(status)} ${this.say(status)}</span>`,
      )}
    </div>`;
  }

  private open(entity: Entity): void {
    const dialog = this.renderRoot.querySelector('sensorchain-dialog') as ReadingsDialog | null;
    void dialog?.show(entity, Number(this.option('hours_to_show')));
  }

  static override styles = [
    shared,
    css`
      ha-card {
        display: flex;
        flex-direction: column;
        height: 100%;
        overflow: hidden;
      }
      .header {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 12px;
        padding: 14px 16px 6px;
      }
      .titles {
        min-width: 0;
      }
      h2 {
        margin: 0;
        font-size: var(--ha-font-size-l, 16px);
        font-weight: var(--ha-font-weight-medium, 500);
        line-height: 24px;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .summary {
        flex: none;
        display: inline-flex;
        align-items: center;
        gap: 6px;
        padding: 3px 10px 3px 7px;
        border-radius: 12px;
        font-size: var(--ha-font-size-s, 12px);
        line-height: 18px;
        background: color-mix(in srgb, currentColor 12%, transparent);
        transition: color 600ms;
      }
      .summary:dir(rtl) {
        padding: 3px 7px 3px 10px;
      }
      .summary .cut {
        stroke: var(--sc-ground);
      }
      .summary bdi {
        color: var(--primary-text-color);
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0 0 4px;
        flex: 1;
        min-height: 0;
        overflow-y: auto;
      }
      li + li {
        border-top: 1px solid color-mix(in srgb, var(--sc-line) 60%, transparent);
      }
      .end {
        height: 1px;
      }
      .more {
        padding: 10px 16px;
        text-align: center;
        color: var(--sc-link);
        font-weight: var(--ha-font-weight-medium, 500);
      }
      .footer {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 14px;
        padding: 8px 16px 12px;
        border-top: 1px solid color-mix(in srgb, var(--sc-line) 60%, transparent);
      }
      .legend {
        display: inline-flex;
        align-items: center;
        gap: 5px;
      }
      .message {
        padding: 24px 16px;
        text-align: center;
      }
      .message p {
        margin: 4px 0;
      }
    `,
  ];
}

function rank(entity: Entity): number {
  return CALM.includes(entity.status) ? ORDER.length : ORDER.indexOf(entity.status);
}

const LABELS: Readonly<Record<string, Key>> = {
  title: 'opt_title',
  entities: 'opt_entities',
  log: 'opt_log',
  hours_to_show: 'opt_hours',
  rows: 'opt_rows',
  sort: 'opt_sort',
  timeline: 'opt_timeline',
  legend: 'opt_legend',
};

const HELPERS: Readonly<Record<string, Key>> = { title: 'opt_title_help', entities: 'opt_entities_help' };
