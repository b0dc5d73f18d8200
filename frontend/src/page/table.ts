/** The table of all readings, a page at a time; what is missing has a row of its own. */

import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { toMilliseconds, type ProvenReading, type Series, type Verdict } from '../verify';
import { plain } from './plain';
import { nameOf, type Track } from './track';
import type { Speech } from './words';

const PAGE = 20;

export class Readings extends LitElement {
  static override properties = {
    readings: { attribute: false },
    tracks: { attribute: false },
    verdict: { attribute: false },
    speech: { attribute: false },
    entity: { state: true },
    start: { state: true },
  };

  declare readings: readonly ProvenReading[];
  declare tracks: ReadonlyMap<string, Track>;
  declare verdict: Verdict;
  declare speech: Speech;
  /** The entity whose readings are shown, or "" for all. */
  declare entity: string;
  declare start: number;

  constructor() {
    super();
    this.entity = '';
    this.start = 0;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has('readings')) return;
    this.entity = '';
    this.start = 0;
  }

  protected override render(): TemplateResult {
    const { speech } = this;
    const readings = this.tracks.get(this.entity)?.readings ?? this.readings;
    const shown = readings.slice(this.start, this.start + PAGE);
    const isProved = this.verdict.proofs.some((proof) => proof.anchor && !proof.anchor.isTrial);
    return html`
      ${this.chooser()}
      <div class="scroll" tabindex="0" role="region" aria-label=${speech.say('table')}>
        <table>
          <thead>
            <tr>
              <th scope="col">${speech.say('time')}</th>
              ${this.hasMany ? html`<th scope="col">${speech.say('entity')}</th>` : nothing}
              <th scope="col" class="value">${speech.say('value')}</th>
              <th scope="col" class="number">${speech.say('number')}</th>
              ${isProved ? html`<th scope="col">${speech.say('existed')}</th>` : nothing}
            </tr>
          </thead>
          <tbody>
            ${shown.map((reading) => this.row(reading, isProved))}
          </tbody>
        </table>
      </div>
      ${this.pager(readings.length)}
    `;
  }

  private get hasMany(): boolean {
    return this.tracks.size > 1 && !this.entity;
  }

  private get series(): ReadonlyMap<string, Series> {
    return this.verdict.examination.findings!.series;
  }

  private chooser(): TemplateResult | typeof nothing {
    if (this.tracks.size < 2) return nothing;
    const choose = (event: Event): void => {
      this.entity = (event.target as HTMLSelectElement).value;
      this.start = 0;
    };
    return html`<label class="chooser">
      ${this.speech.say('entity')}
      <select @change=${choose}>
        <option value="" ?selected=${!this.entity}>${this.speech.say('all_entities')}</option>
        ${Array.from(this.tracks.keys(), (id) => {
          return html`<option value=${id} ?selected=${this.entity === id}>${nameOf(this.series.get(id)!)}</option>`;
        })}
      </select>
    </label>`;
  }

  private row(reading: ProvenReading, isProved: boolean): TemplateResult {
    const { speech } = this;
    const { leaf } = reading;
    const columns = 3 + Number(this.hasMany) + Number(isProved);
    const missing = this.missingBefore(reading);
    return html`
      ${
        missing
          ? html`<tr class="missing">
              <td colspan=${columns}>
                ${speech.count('missing', missing)}${this.hasMany ? html` · <bdi>${this.name(leaf.entity_id)}</bdi>` : nothing}
              </td>
            </tr>`
          : nothing
      }
      <tr>
        <td class="time">${speech.time(toMilliseconds(leaf.last_updated))}</td>
        ${this.hasMany ? html`<td><bdi>${this.name(leaf.entity_id)}</bdi></td>` : nothing}
        <td class="value">
          <bdi>${plain(leaf.state)}${leaf.unit ? html` <span class="unit">${plain(leaf.unit)}</span>` : nothing}</bdi>
        </td>
        <td class="number">${speech.number(leaf.sequence)}</td>
        ${isProved ? html`<td class="time">${this.existed(reading)}</td>` : nothing}
      </tr>
    `;
  }

  private name(id: string): string {
    return nameOf(this.series.get(id)!);
  }

  /** Returns how many readings of its entity are missing before one. */
  private missingBefore(reading: ProvenReading): number {
    const track = this.tracks.get(reading.leaf.entity_id)!;
    const before = track.readings[numberIn(track.readings, reading.index) - 1];
    return before ? reading.leaf.sequence - before.leaf.sequence - 1 : 0;
  }

  private existed(reading: ProvenReading): string {
    const proof = this.verdict.proofs.find(({ period }) => period.size === null || reading.index < period.size);
    const time = proof?.anchor?.isTrial ? null : proof?.anchor?.existedBefore;
    return time ? this.speech.time(toMilliseconds(time)) : '–';
  }

  private pager(count: number): TemplateResult | typeof nothing {
    if (count <= PAGE) return nothing;
    const { speech, start } = this;
    const last = Math.floor((count - 1) / PAGE) * PAGE;
    const to = (place: number): (() => void) => {
      return () => {
        this.start = place;
      };
    };
    const stop = Math.min(start + PAGE, count);
    return html`<nav class="pager" aria-label=${speech.say('table')}>
      <button ?disabled=${start === 0} @click=${to(0)}>${speech.say('first')}</button>
      <button ?disabled=${start === 0} @click=${to(start - PAGE)}>${speech.say('previous')}</button>
      <span aria-live="polite">${speech.say('page_of', { from: start + 1, to: stop, n: count })}</span>
      <button ?disabled=${start === last} @click=${to(start + PAGE)}>${speech.say('next')}</button>
      <button ?disabled=${start === last} @click=${to(last)}>${speech.say('last')}</button>
    </nav>`;
  }
}

/** Returns the place of the reading with an index among readings in the order of their indexes. */
function numberIn(readings: readonly ProvenReading[], index: number): number {
  let [low, high] = [0, readings.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (readings[middle]!.index < index) low = middle + 1;
    else high = middle;
  }
  return low;
}

customElements.define('sensorchain-readings', Readings);
