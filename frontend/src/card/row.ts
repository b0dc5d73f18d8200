/** One entity of the card: what it is, its value, how far its newest reading has come, its timeline. */

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { lastConfirmed, Overview, type Entity, type Log } from './data';
import { ago, exactTime, shortTitle } from './format';
import { glyph } from './glyphs';
import type { Hass, StateObject } from './hass';
import { shared } from './styles';
import { text } from './texts';

/** What an entity is called. */
export function nameOf(state: StateObject | undefined, entity: Entity): string {
  return String(state?.attributes['friendly_name'] ?? entity.entity_id);
}

/** Returns a state's icon, by Home Assistant's own element where that is loaded. */
export function icon(hass: Hass, state: StateObject | undefined): TemplateResult {
  if (!state || !customElements.get('ha-state-icon')) return html`<ha-icon icon="mdi:link-variant"></ha-icon>`;
  return html`<ha-state-icon .hass=${hass} .stateObj=${state}></ha-state-icon>`;
}

export class Row extends LitElement {
  /** Taken as it is whenever anything else changes: it changes with every state of the home. */
  hass!: Hass;
  @property({ attribute: false }) state: StateObject | undefined;
  @property({ attribute: false }) entity!: Entity;
  @property({ attribute: false }) log!: Log;
  @property({ attribute: false }) language!: string;
  @property({ type: Boolean }) timeline = true;
  @property({ type: Number }) hours = 24;
  /** Moves on once in a while, for the sake of "2 minutes ago". */
  @property({ type: Number }) minute = 0;

  private isSkipped = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('contentvisibilityautostatechange', this.seen);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener('contentvisibilityautostatechange', this.seen);
  }

  /** Rows out of sight are not kept up to date until they come into sight. */
  private readonly seen = (event: Event): void => {
    this.isSkipped = (event as Event & { skipped: boolean }).skipped;
    if (!this.isSkipped) this.requestUpdate();
  };

  override shouldUpdate(): boolean {
    return !this.isSkipped;
  }

  override render(): TemplateResult {
    const { entity, state } = this;
    const status = entity.status;
    return html`<button class="row" aria-haspopup="dialog">
      <span class="head">
        <span class="icon ${status ?? 'none'}">${icon(this.hass, state)}</span>
        <span class="names">
          <span class="first"
            ><span class="name"><bdi>${nameOf(state, entity)}</bdi></span
            >${this.value()}</span
          >
          <span class="secondary">
            <span class="status">${glyph(status)} ${text(this.language, status ?? 'waiting')}</span>
            <span class="last">${this.lastConfirmed()}</span>
          </span>
        </span>
      </span>
      ${
        this.timeline
          ? html`<sensorchain-timeline
              .hass=${this.hass}
              .entity=${entity}
              .log=${this.log}
              .hours=${this.hours}
            ></sensorchain-timeline>`
          : nothing
      }
    </button>`;
  }

  private value(): TemplateResult {
    const { state, hass } = this;
    const reading = this.entity.reading;
    const unit = String(state?.attributes['unit_of_measurement'] ?? reading?.unit ?? '');
    const told = state ? hass.formatEntityState(state) : `${reading?.state ?? ''}${unit}`;
    const bare = unit && told.endsWith(unit) ? told.slice(0, -unit.length).trimEnd() : told;
    return html`<bdi class="value" dir="ltr">${bare}${bare === told ? nothing : html`<small> ${unit}</small>`}</bdi>`;
  }

  /** "2 min. ago · Tangle": after the word Confirmed; with the word where another status stands before it. */
  private lastConfirmed(): TemplateResult | string {
    const { status } = this.entity;
    const confirmed = lastConfirmed(this.entity);
    const overview = Overview.of(this.hass.connection);
    if (!confirmed?.anchor?.confirmed_at) return status ? ` · ${text(this.language, 'never_confirmed')}` : '';
    const time = Date.parse(confirmed.anchor.confirmed_at);
    const relative = ago(this.hass, time, overview.now()) ?? text(this.language, 'just_now');
    const told = status === 'confirmed' ? relative : text(this.language, 'last_confirmed', { time: relative });
    const ledger = overview.ledgers.get(confirmed.anchor.ledger);
    return html` ·
      <time title=${exactTime(this.hass, time)}><bdi>${told}</bdi></time
      >${ledger ? html` · <span title=${ledger.title}>${shortTitle(ledger.title)}</span>` : nothing}`;
  }

  static override styles = [
    shared,
    css`
      :host {
        display: block;
        content-visibility: auto;
        contain-intrinsic-size: auto 104px;
      }
      .row {
        display: block;
        box-sizing: border-box;
        width: 100%;
        padding: 8px 16px 12px;
        transition: background-color 120ms;
      }
      .row:hover {
        background: color-mix(in srgb, var(--primary-text-color) 4%, transparent);
      }
      .row:focus-visible {
        outline-offset: -3px;
        border-radius: var(--ha-card-border-radius, 12px);
      }
      .head {
        display: flex;
        align-items: center;
        gap: 12px;
        min-height: 44px;
      }
      .icon {
        display: grid;
        place-items: center;
        flex: none;
        width: 36px;
        height: 36px;
        border-radius: 50%;
        background: color-mix(in srgb, currentColor 16%, transparent);
        --mdc-icon-size: 22px;
        transition: color 600ms;
      }
      .icon.none {
        opacity: 0.6;
      }
      .names {
        flex: 1;
        min-width: 0;
        display: grid;
        gap: 1px;
      }
      .name {
        font-weight: var(--ha-font-weight-medium, 500);
        line-height: 20px;
      }
      .first {
        min-width: 0;
        display: flex;
        align-items: baseline;
        gap: 12px;
      }
      .name {
        flex: 1;
        min-width: 0;
      }
      .name,
      .names .secondary {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .names .secondary {
        line-height: 18px;
      }
      .status {
        color: var(--primary-text-color);
      }
      .value {
        flex: none;
        max-width: 60%;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        font-size: var(--ha-font-size-xl, 20px);
        font-variant-numeric: tabular-nums;
        line-height: 22px;
      }
      .value small {
        font-size: var(--ha-font-size-s, 12px);
        color: var(--secondary-text-color);
      }
      sensorchain-timeline {
        margin-top: 6px;
      }
    `,
  ];
}
