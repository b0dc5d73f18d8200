/** The readings of an entity: each with its status and transaction, to be verified and downloaded. */

import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { download, Overview, readings, type Entity, type Log, type Reading } from './data';
import { dateTime, dayOf, exactTime, number, short, shortTitle } from './format';
import { glyph, symbol } from './glyphs';
import type { Hass } from './hass';
import { icon, nameOf } from './row';
import { shared } from './styles';
import { text, type Key } from './texts';

export class ReadingsDialog extends LitElement {
  @property({ attribute: false }) hass: Hass | undefined;
  @state() private entity: Entity | undefined;
  @state() private readings: readonly Reading[] = [];
  @state() private next: number | null = null;
  @state() private day = '';
  @state() private isLoading = false;
  @state() private opened: number | undefined;
  @state() private problem = '';
  private hours = 24;
  private stop: (() => void) | undefined;

  /** Shows the readings of an entity. */
  async show(entity: Entity, hours: number): Promise<void> {
    if (!this.hass) return;
    Object.assign(this, { entity, hours, readings: [], next: null, day: '', opened: undefined, problem: '' });
    await this.updateComplete;
    this.dialog?.showModal();
    this.stop = Overview.of(this.hass.connection).listen(() => void this.refresh());
    await this.load();
  }

  private get dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog');
  }

  private closed(): void {
    this.stop?.();
    this.stop = this.entity = undefined;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.closed();
  }

  /** While nothing is shown nothing changes. */
  override shouldUpdate(changed: PropertyValues): boolean {
    return this.entity !== undefined || changed.has('entity') || !this.hasUpdated;
  }

  /** Loads a page: the first one, or that after those which are shown. */
  private async load(before?: number): Promise<void> {
    const { hass, entity, day } = this;
    if (!hass || !entity || this.isLoading) return;
    this.isLoading = true;
    try {
      const page = await readings(hass, entity, {
        limit: 30,
        ...(before === undefined ? {} : { before }),
        ...(day ? dayOf(day) : {}),
      });
      this.readings = before === undefined ? page.readings : [...this.readings, ...page.readings];
      this.next = page.next;
    } catch (error) {
      this.problem = (error as { message?: string }).message ?? String(error);
    } finally {
      this.isLoading = false;
    }
  }

  /** Follows the entity: what is new appears, and what has come further shows it. */
  private async refresh(): Promise<void> {
    const { hass, entity } = this;
    if (!hass || !entity) return;
    const overview = Overview.of(hass.connection);
    const now = overview.entities.get(`${entity.log}/${entity.entity_id}`);
    if (!now || now === entity) return;
    this.entity = now;
    const isShown = this.readings[0]?.index === now.reading?.index;
    const isDone = this.readings.every((each) => each.status === 'confirmed');
    if (this.day || (isShown && isDone)) return;
    const page = await readings(hass, now, { limit: 30 }).catch(() => undefined);
    if (!page) return;
    const oldest = page.readings[page.readings.length - 1]?.index ?? Infinity;
    const older = this.readings.filter((each) => each.index < oldest);
    this.readings = [...page.readings, ...older];
    if (!older.length) this.next = page.next;
  }

  private choose(day: string): void {
    Object.assign(this, { day, readings: [], next: null, opened: undefined });
    void this.load();
  }

  private async download(query: Readonly<Record<string, string>>): Promise<void> {
    const { hass, entity } = this;
    if (!hass || !entity) return;
    try {
      await download(hass, entity, query);
    } catch (error) {
      this.problem = (error as { message?: string }).message ?? String(error);
    }
  }

  private say(key: Key, values?: Readonly<Record<string, string | number>>): string {
    return text(this.hass?.language ?? 'en', key, values);
  }

  override render(): TemplateResult {
    const { hass, entity } = this;
    return html`<dialog
      aria-labelledby="title"
      @close=${this.closed}
      @click=${(event: MouseEvent) => event.target === event.currentTarget && this.dialog?.close()}
    >
      ${hass && entity ? this.content(hass, entity) : nothing}
    </dialog>`;
  }

  private content(hass: Hass, entity: Entity): TemplateResult {
    const state = hass.states[entity.entity_id];
    const log = Overview.of(hass.connection).logs.get(entity.log);
    const period = this.day ? dayOf(this.day) : {};
    return html`<div class="page">
      <header>
        <button class="icon-button" @click=${() => this.dialog?.close()} aria-label=${this.say('close')}>
          ${symbol('close')}
        </button>
        <span class="icon ${entity.status ?? 'none'}">${icon(hass, state)}</span>
        <div class="names">
          <h2 id="title"><bdi>${nameOf(state, entity)}</bdi></h2>
          <div class="secondary">${log?.title} · ${this.say(entity.public ? 'public' : 'private')}</div>
        </div>
        <bdi class="value" dir="ltr">${state ? hass.formatEntityState(state) : nothing}</bdi>
      </header>
      <div class="body">
        ${this.timeline(hass, entity, log)}
        <div class="tools">
          <label class="day">
            <span class="sr">${this.say('day')}</span>
            <input
              type="date"
              .value=${this.day}
              @change=${(event: Event) => this.choose((event.target as HTMLInputElement).value)}
            />
          </label>
          ${
            this.day
              ? html`<button class="action" @click=${() => this.choose('')}>${this.say('all_days')}</button>`
              : nothing
          }
          <button class="action all" @click=${() => this.download(period)}>
            ${symbol('download')} ${this.say('download_all')}
          </button>
        </div>
        ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
        <ol aria-label=${this.say('readings')} aria-busy=${this.isLoading}>
          ${this.readings.map((reading) => this.reading(hass, entity, reading))}
        </ol>
        ${this.end()}
      </div>
    </div>`;
  }

  private timeline(hass: Hass, entity: Entity, log: Log | undefined): TemplateResult | typeof nothing {
    if (!log) return nothing;
    const now = Overview.of(hass.connection).now();
    const times = [1, 0.75, 0.5, 0.25].map((part) => now - part * this.hours * 3_600_000);
    return html`<div class="timeline">
      <sensorchain-timeline
        .hass=${hass}
        .entity=${entity}
        .log=${log}
        .hours=${this.hours}
        .height=${72}
      ></sensorchain-timeline>
      <div class="axis secondary" aria-hidden="true">
        ${times.map((time) => html`<span>${dateTime(hass, time, now, { seconds: false })}</span>`)}
        <span>${this.say('now')}</span>
      </div>
    </div>`;
  }

  private end(): TemplateResult | typeof nothing {
    if (this.isLoading && !this.readings.length) return html`<p class="end secondary">${this.say('loading')}</p>`;
    if (!this.readings.length)
      return html`<p class="end secondary">${this.say(this.day ? 'no_readings' : 'waiting')}</p>`;
    const next = this.next;
    if (next === null) return nothing;
    return html`<button class="action older" ?disabled=${this.isLoading} @click=${() => this.load(next)}>
      ${this.say('older')}
    </button>`;
  }

  private reading(hass: Hass, entity: Entity, reading: Reading): TemplateResult {
    const overview = Overview.of(hass.connection);
    const time = Date.parse(reading.time);
    const isOpen = this.opened === reading.index;
    const anchor = reading.anchor;
    const ledger = anchor ? overview.ledgers.get(anchor.ledger) : undefined;
    const toggle = (): unknown => (this.opened = isOpen ? undefined : reading.index);
    const query: Record<string, string> = { index: String(reading.index) };
    if (reading.status !== 'confirmed') query['unconfirmed'] = 'true';
    return html`<li class=${isOpen ? 'open' : ''}>
      <div class="reading">
        <span class="mark">${glyph(reading.status)}</span>
        <div class="what">
          <div class="first">
            <time title=${exactTime(hass, time)}>${dateTime(hass, time, overview.now())}</time>
            <b dir="auto">${reading.state}${reading.unit ? html` <small>${reading.unit}</small>` : nothing}</b>
          </div>
          <div class="secondary">
            ${this.say(reading.status)}${ledger ? ` · ${shortTitle(ledger.title)}` : nothing}
            ${
              anchor?.explorer
                ? html` ·
                    <a
                      href=${anchor.explorer}
                      target="_blank"
                      rel="noreferrer"
                      aria-label=${this.say('transaction', { name: short(anchor.transaction) })}
                      >${short(anchor.transaction)}</a
                    >`
                : anchor
                  ? html` · <span title=${anchor.transaction}>${short(anchor.transaction)}</span>`
                  : nothing
            }
            <span class="index">· ${this.say('number', { n: number(hass, reading.index) })}</span>
          </div>
        </div>
        <button
          class="icon-button verify"
          aria-expanded=${isOpen}
          title=${this.say('verify')}
          aria-label=${this.say('verify')}
          @click=${toggle}
        >
          ${symbol('verify')}
        </button>
        <button
          class="icon-button"
          title=${this.say('download')}
          aria-label=${this.say('download')}
          @click=${() => this.download(query)}
        >
          ${symbol('download')}
        </button>
      </div>
      ${
        isOpen
          ? html`<sensorchain-check .hass=${hass} .entity=${entity} .reading=${reading}></sensorchain-check>`
          : nothing
      }
    </li>`;
  }

  static override styles = [
    shared,
    css`
      dialog {
        box-sizing: border-box;
        width: min(680px, calc(100vw - 32px));
        max-height: min(860px, calc(100dvh - 48px));
        padding: 0;
        border: none;
        border-radius: var(--ha-dialog-border-radius, 24px);
        color: var(--primary-text-color);
        background: var(--ha-dialog-surface-background, var(--mdc-theme-surface, var(--sc-ground)));
        --sc-ground: var(--ha-dialog-surface-background, var(--card-background-color, #fff));
        box-shadow: 0 12px 40px rgba(0, 0, 0, 0.35);
        overflow: hidden;
      }
      dialog[open] {
        display: flex;
        animation: rise 180ms ease-out;
      }
      dialog::backdrop {
        background: rgba(0, 0, 0, 0.5);
      }
      @keyframes rise {
        from {
          opacity: 0;
          transform: translateY(12px);
        }
      }
      .page {
        display: flex;
        flex-direction: column;
        width: 100%;
        min-height: 0;
      }
      header {
        display: flex;
        align-items: center;
        gap: 12px;
        padding: 12px 20px 12px 8px;
      }
      header:dir(rtl) {
        padding: 12px 8px 12px 20px;
      }
      .icon {
        display: grid;
        place-items: center;
        flex: none;
        width: 40px;
        height: 40px;
        border-radius: 50%;
        background: color-mix(in srgb, currentColor 16%, transparent);
      }
      .names {
        flex: 1;
        min-width: 0;
      }
      h2 {
        margin: 0;
        font-size: var(--ha-font-size-l, 18px);
        font-weight: var(--ha-font-weight-medium, 500);
        line-height: 24px;
      }
      h2,
      .names .secondary {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      header .value {
        flex: none;
        font-size: var(--ha-font-size-2xl, 24px);
        font-variant-numeric: tabular-nums;
      }
      .body {
        flex: 1;
        min-height: 0;
        overflow-y: auto;
        padding: 4px 20px 20px;
      }
      .axis {
        display: flex;
        justify-content: space-between;
        direction: ltr;
        padding-top: 6px;
        font-variant-numeric: tabular-nums;
      }
      .tools {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px;
        padding: 16px 0 8px;
      }
      input[type='date'] {
        box-sizing: border-box;
        height: 40px;
        padding: 0 12px;
        border: 1px solid var(--sc-line);
        border-radius: 20px;
        font: inherit;
        color: inherit;
        background: none;
      }
      .all {
        margin-inline-start: auto;
      }
      .problem {
        margin: 8px 0;
        padding: 10px 14px;
        border-radius: 12px;
        background: color-mix(in srgb, var(--sc-failed) 14%, transparent);
      }
      ol {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      li {
        border-top: 1px solid color-mix(in srgb, var(--sc-line) 60%, transparent);
      }
      .reading {
        display: flex;
        align-items: center;
        gap: 12px;
        padding: 6px 0;
      }
      .mark {
        font-size: 17px;
      }
      .what {
        flex: 1;
        min-width: 0;
      }
      .first {
        display: flex;
        justify-content: space-between;
        gap: 12px;
        line-height: 20px;
        font-variant-numeric: tabular-nums;
      }
      .first b {
        font-weight: var(--ha-font-weight-medium, 500);
        overflow-wrap: anywhere;
        text-align: end;
      }
      .first small {
        font-size: inherit;
        font-weight: normal;
        color: var(--secondary-text-color);
      }
      .reading .icon-button {
        margin-inline: -6px;
      }
      li.open .verify {
        color: var(--primary-color);
      }
      .end {
        text-align: center;
        padding: 16px;
      }
      .older {
        display: flex;
        margin: 12px auto 0;
      }
      @media (max-width: 500px) {
        dialog {
          width: 100vw;
          max-width: none;
          height: 100dvh;
          max-height: none;
          margin: 0;
          border-radius: 0;
        }
        .body {
          padding-inline: 16px;
        }
        .all {
          margin-inline-start: 0;
        }
        .index {
          display: none;
        }
      }
    `,
  ];
}
