/** custom:sensorchain-ledger-card: how readings get onto a ledger, what it costs, and a button to anchor now. */

import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { anchorNow, Overview, type Ledger, type Status } from './data';
import { ago, dateTime, duration, exactTime, number } from './format';
import { glyph, symbol } from './glyphs';
import type { ConfigForm, GridOptions, Hass } from './hass';
import { shared } from './styles';
import { text, type Key } from './texts';

export interface LedgerCardConfig {
  readonly type: string;
  readonly ledger?: string;
}

const TICK = 5_000;

let language = 'en';

export class LedgerCard extends LitElement {
  @property({ attribute: false }) hass: Hass | undefined;
  @state() private config: LedgerCardConfig | undefined;
  @state() private tick = 0;
  /** The sizes up to which ledgers were asked to anchor. */
  @state() private asked = new Map<string, number>();
  @state() private problem = '';
  private overview: Overview | undefined;
  private stop: (() => void) | undefined;
  private clock = 0;

  setConfig(config: LedgerCardConfig): void {
    this.config = config;
  }

  static getStubConfig(): Omit<LedgerCardConfig, 'type'> {
    return {};
  }

  static getConfigForm(): ConfigForm {
    return {
      schema: [{ name: 'ledger', selector: { device: { filter: [{ integration: 'sensorchain', model: 'Ledger' }] } } }],
      computeLabel: () => text(language, 'opt_ledger'),
      computeHelper: () => text(language, 'opt_ledger_help'),
    };
  }

  getCardSize(): number {
    return 4 * Math.max(1, this.shown().length);
  }

  getGridOptions(): GridOptions {
    return { columns: 12, rows: 'auto', min_columns: 6 };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.clock = window.setInterval(() => this.tick++, TICK);
    this.follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.clearInterval(this.clock);
    this.stop?.();
    this.stop = this.overview = undefined;
  }

  private follow(): void {
    if (!this.hass || !this.isConnected) return;
    language = this.hass.language;
    const overview = Overview.of(this.hass.connection);
    if (overview === this.overview) return;
    this.stop?.();
    this.overview = overview;
    this.stop = overview.listen(() => this.requestUpdate());
  }

  override willUpdate(changed: PropertyValues): void {
    if (changed.has('hass')) this.follow();
  }

  /** Nothing here depends on states of the home. */
  override shouldUpdate(changed: PropertyValues): boolean {
    const before = changed.get('hass') as Hass | undefined;
    return changed.size !== 1 || !before || before.locale !== this.hass?.locale;
  }

  private shown(): [string, Ledger][] {
    const ledgers = [...(this.overview?.ledgers ?? [])];
    return this.config?.ledger ? ledgers.filter(([, ledger]) => ledger.device === this.config?.ledger) : ledgers;
  }

  private say(key: Key, values?: Readonly<Record<string, string | number>>): string {
    return text(this.hass?.language ?? 'en', key, values);
  }

  override render(): TemplateResult {
    const { hass, overview } = this;
    if (!hass || !overview) return html`<ha-card></ha-card>`;
    const ledgers = this.shown();
    return html`<ha-card>
      ${ledgers.map(([id, ledger]) => this.ledger(hass, id, ledger))}
      ${ledgers.length ? nothing : html`<p class="message">${this.emptiness(overview)}</p>`}
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
    </ha-card>`;
  }

  private emptiness(overview: Overview): string {
    if (overview.problem) return this.say('not_there', { error: overview.problem });
    return this.say(overview.isKnown ? (overview.logs.size ? 'no_ledger' : 'nothing') : 'loading');
  }

  private ledger(hass: Hass, id: string, ledger: Ledger): TemplateResult {
    const log = this.overview?.logs.get(ledger.log);
    return html`<section aria-label=${ledger.title}>
      <div class="head">
        <span class="icon">${symbol('anchor')}</span>
        <div class="names">
          <h2><bdi>${ledger.title}</bdi></h2>
          <div class="secondary">${log?.title}</div>
          ${
            ledger.is_trial
              ? html`<div class="trial" title=${this.say('trial_means')}>${this.say('trial')}</div>`
              : nothing
          }
        </div>
        ${this.connection(ledger)}
      </div>
      ${ledger.error ? html`<p class="problem">${ledger.error}</p>` : nothing} ${this.way(hass, ledger, log?.size ?? 0)}
      <dl>
        ${this.facts(hass, ledger).map(
          ([key, value]) =>
            html`<div>
              <dt class="secondary">${this.say(key)}</dt>
              <dd>${value}</dd>
            </div>`,
        )}
      </dl>
      ${ledger.can_anchor ? this.button(id, ledger, log?.size ?? 0) : nothing}
    </section>`;
  }

  private connection(ledger: Ledger): TemplateResult {
    const [status, key]: [Status, Key] = ledger.rejected
      ? ['failed', 'rejected']
      : ledger.connected === false
        ? ['unreachable', 'disconnected']
        : ledger.connected
          ? ['confirmed', 'connected']
          : ['recorded', 'asking'];
    return html`<span class="connection ${status}">${glyph(status)}<span>${this.say(key)}</span></span>`;
  }

  /** Recorded, submitted, confirmed: how many readings stand where on their way. */
  private way(hass: Hass, ledger: Ledger, size: number): TemplateResult {
    const stages: readonly [Status, number][] = [
      ['recorded', size - ledger.submitted_size],
      ['submitted', ledger.submitted_size - ledger.confirmed_size],
      ['confirmed', ledger.confirmed_size],
    ];
    return html`<ol class="way">
      ${stages.map(
        ([status, count], position) =>
          html`<li class="${status} ${count || position === 2 ? 'some' : ''}">
            <span class="stage">${glyph(status)}</span>
            <span class="count">${number(hass, count)}</span>
            <span class="secondary">${this.say(status)}</span>
          </li>`,
      )}
    </ol>`;
  }

  private facts(hass: Hass, ledger: Ledger): (readonly [Key, TemplateResult | string])[] {
    const facts: (readonly [Key, TemplateResult | string])[] = [
      ['last_anchor', this.lastAnchor(hass, ledger)],
      ['cadence', duration(hass, ledger.cadence)],
    ];
    if (ledger.seconds_to_confirmation !== null)
      facts.push(['usual', duration(hass, Math.max(1, ledger.seconds_to_confirmation))]);
    facts.push(['cost', this.cost(ledger)]);
    if (ledger.cost?.balance) facts.push(['balance', this.balance(hass, ledger)]);
    // Always there, so that nothing jumps when an anchor is confirmed.
    facts.push(['next', this.expected(hass, ledger)]);
    return facts;
  }

  private lastAnchor(hass: Hass, ledger: Ledger): TemplateResult | string {
    const anchor = ledger.last_anchor ?? ledger.last_confirmed;
    if (!anchor) return this.say('never');
    const time = Date.parse(anchor.prepared_at);
    const told = html`<time title=${exactTime(hass, time)}
      >${ago(hass, time, this.overview?.now() ?? Date.now()) ?? this.say('just_now')}</time
    >`;
    return anchor.explorer
      ? html`<a href=${anchor.explorer} target="_blank" rel="noreferrer" title=${anchor.transaction}>${told}</a>`
      : told;
  }

  private expected(hass: Hass, ledger: Ledger): string {
    const isAwaited = ledger.submitted_size > ledger.confirmed_size;
    if (!isAwaited || !ledger.expected_at) return '–';
    const time = Date.parse(ledger.expected_at);
    const now = this.overview?.now() ?? Date.now();
    if (time - now < 60_000) return this.say('any_moment');
    return this.say('about', { time: dateTime(hass, time, now, { seconds: false }) });
  }

  private cost({ cost }: Ledger): string {
    if (!cost) return this.say('free');
    const last = cost.last ? `${cost.last} ${cost.unit}` : '–';
    return cost.spent ? `${last}, ${this.say('spent', { amount: `${cost.spent} ${cost.unit}` })}` : last;
  }

  private balance(hass: Hass, { cost }: Ledger): TemplateResult | string {
    if (!cost) return '';
    const left =
      cost.anchors_left === null ? '' : `, ${this.say('anchors_left', { n: number(hass, cost.anchors_left) })}`;
    return html`${cost.is_low ? glyph('overdue') : nothing} ${cost.balance} ${cost.unit}${left}`;
  }

  private button(id: string, ledger: Ledger, size: number): TemplateResult {
    const asked = this.asked.get(id);
    const isGoingOn = asked !== undefined && ledger.confirmed_size < asked;
    const isDone = ledger.confirmed_size >= size;
    const key: Key = isGoingOn
      ? 'anchoring'
      : isDone
        ? asked === undefined
          ? 'up_to_date'
          : 'anchored'
        : 'anchor_now';
    const part = !isGoingOn ? 0 : ledger.submitted_size >= asked ? 70 : 25;
    return html`<button
      class="action anchor"
      ?disabled=${isDone || isGoingOn || ledger.submitted_size >= size}
      @click=${() => this.anchor(id)}
    >
      ${isGoingOn ? html`<span class="progress" style="inline-size: ${part}%"></span>` : nothing}
      <span class="label" role=${asked === undefined ? nothing : 'status'}
        >${isDone ? glyph('confirmed') : symbol('anchor')} ${this.say(key)}</span
      >
    </button>`;
  }

  private async anchor(id: string): Promise<void> {
    if (!this.hass) return;
    this.problem = '';
    try {
      const size = await anchorNow(this.hass, id);
      this.asked = new Map(this.asked).set(id, size);
    } catch (error) {
      this.problem = (error as { message?: string }).message ?? String(error);
    }
  }

  static override styles = [
    shared,
    css`
      ha-card {
        height: 100%;
        overflow: hidden;
      }
      section {
        padding: 14px 16px 16px;
      }
      section + section {
        border-top: 1px solid var(--sc-line);
      }
      .head {
        display: flex;
        align-items: center;
        gap: 12px;
      }
      .icon {
        display: grid;
        place-items: center;
        flex: none;
        width: 36px;
        height: 36px;
        border-radius: 50%;
        color: var(--primary-color);
        background: color-mix(in srgb, currentColor 16%, transparent);
      }
      .names {
        flex: 1;
        min-width: 0;
      }
      h2 {
        margin: 0;
        font-size: inherit;
        font-weight: var(--ha-font-weight-medium, 500);
        line-height: 20px;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .connection {
        flex: none;
        display: inline-flex;
        align-items: center;
        gap: 6px;
        font-size: var(--ha-font-size-s, 12px);
      }
      .connection span {
        color: var(--primary-text-color);
      }
      .way {
        display: grid;
        grid-template-columns: repeat(3, 1fr);
        list-style: none;
        margin: 16px 0;
        padding: 0;
      }
      .way li {
        position: relative;
        display: grid;
        justify-items: center;
        text-align: center;
      }
      .way li + li::before {
        content: '';
        position: absolute;
        top: 14px;
        inset-inline: calc(-50% + 22px) calc(50% + 22px);
        height: 2px;
        border-radius: 1px;
        background: var(--sc-line);
      }
      .way li.submitted.some::before,
      .way li.submitted.some + li::before {
        background: linear-gradient(90deg, var(--sc-line) 30%, var(--sc-submitted) 50%, var(--sc-line) 70%);
        background-size: 300% 100%;
        animation: flow 1.6s linear infinite;
      }
      @keyframes flow {
        from {
          background-position: 100% 0;
        }
        to {
          background-position: 0 0;
        }
      }
      .stage {
        display: grid;
        place-items: center;
        height: 30px;
        font-size: 22px;
        opacity: 0.45;
        transition: opacity 300ms;
      }
      .some .stage {
        opacity: 1;
      }
      .count {
        color: var(--primary-text-color);
        font-size: var(--ha-font-size-xl, 20px);
        font-variant-numeric: tabular-nums;
        line-height: 28px;
      }
      dl {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(130px, 1fr));
        gap: 10px 16px;
        margin: 0 0 16px;
      }
      dd {
        margin: 0;
        line-height: 20px;
        font-variant-numeric: tabular-nums;
      }
      .anchor {
        position: relative;
        width: 100%;
        overflow: hidden;
      }
      .label {
        position: relative;
        display: inline-flex;
        align-items: center;
        gap: 8px;
      }
      .progress {
        position: absolute;
        inset-block: 0;
        inset-inline-start: 0;
        background: color-mix(in srgb, var(--primary-color) 24%, transparent);
        transition: inline-size 900ms cubic-bezier(0.2, 0.8, 0.2, 1);
      }
      .trial {
        display: inline-block;
        margin-top: 4px;
        padding: 1px 10px;
        border-radius: 99px;
        background: color-mix(in srgb, var(--sc-warning) 16%, transparent);
      }
      .problem {
        margin: 12px 0 0;
        padding: 8px 12px;
        border-radius: 12px;
        background: color-mix(in srgb, var(--sc-warning) 16%, transparent);
      }
      .message {
        margin: 0;
        padding: 24px 16px;
        text-align: center;
      }
    `,
  ];
}
