/** The plot of one entity's readings: numbers as a line, states as bands; what is missing is hatched. */

import { html, LitElement, nothing, svg, type TemplateResult } from 'lit';
import type { Gap, Series } from '../verify';
import { toMilliseconds } from '../verify';
import { plain } from './plain';
import { nameOf, type Stretch, type Track } from './track';
import type { Speech } from './words';

const HEIGHT = 210;
const BAND = 44;
const AXIS = 24;
const TOP = 12;
/** Room for the numbers on the left. */
const LEFT = 52;
const RIGHT = 10;
const STATES = 6;

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
/** Distances between two marks on the axis of time. */
const STEPS = [1 / 60, 1 / 12, 0.25, 1, 5, 15, 30, 60, 180, 360, 720].map((minutes) => minutes * MINUTE);
const DAYS = [1, 2, 7, 14, 30, 91, 182, 365, 1826].map((days) => days * DAY);
const SILENT = new Set(['unavailable', 'unknown']);

export class Plot extends LitElement {
  static override properties = {
    track: { attribute: false },
    series: { attribute: false },
    speech: { attribute: false },
    domain: { attribute: false },
    width: { state: true },
    chosen: { state: true },
  };

  declare track: Track;
  declare series: Series;
  declare speech: Speech;
  /** The first and last time that all plots of the page have in common. */
  declare domain: readonly [number, number];
  declare width: number;
  /** The number of the reading that is pointed at. */
  declare chosen: number | null;

  private readonly observer = new ResizeObserver(([entry]) => {
    if (entry) this.width = Math.round(entry.contentRect.width);
  });

  constructor() {
    super();
    this.width = 0;
    this.chosen = null;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer.disconnect();
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.width < 2 * LEFT) return nothing;
    const { isNumeric } = this.track;
    const height = isNumeric ? HEIGHT : BAND + AXIS;
    const last = this.track.readings.length - 1;
    return html`
      <div class="scene">
        <svg
          width=${this.width}
          height=${height}
          viewBox="0 0 ${this.width} ${height}"
          role="slider"
          tabindex="0"
          aria-label=${`${nameOf(this.series)}. ${this.summary()}. ${this.speech.say('plot_keys')}`}
          aria-valuemin="0"
          aria-valuemax=${last}
          aria-valuenow=${this.chosen ?? last}
          aria-valuetext=${this.told(this.chosen ?? last)}
          @pointermove=${this.point}
          @pointerdown=${this.point}
          @pointerleave=${this.leave}
          @keydown=${this.key}
          @blur=${this.leave}
        >
          ${this.timeAxis(height)} ${isNumeric ? this.line(height) : this.bands()} ${this.gaps(height)}
          ${this.pointer(height)}
        </svg>
        ${this.readout()}
      </div>
      ${isNumeric ? nothing : this.legend()}
    `;
  }

  /** Returns in words what can be seen. */
  private summary(): string {
    const { speech, track, series } = this;
    const parts = [speech.count('readings', series.count)];
    if (series.missing) parts.push(speech.count('missing', series.missing));
    if (track.isNumeric) {
      const [low, high] = track.range;
      parts.push(speech.say('range', { low: this.value(low), high: this.value(high) }));
    }
    return parts.join(', ');
  }

  private value(number: number): string {
    return `${this.speech.number(number)} ${this.track.unit}`.trim();
  }

  private told(number: number): string {
    const reading = this.track.readings[number];
    if (!reading) return '';
    const [state, unit] = [plain(reading.leaf.state), plain(reading.leaf.unit ?? '')];
    return `${this.speech.time(this.track.times[number]!)}: ${unit && !SILENT.has(state) ? `${state} ${unit}` : state}`;
  }

  private x(time: number): number {
    const [from, to] = this.domain;
    const share = to > from ? (time - from) / (to - from) : 0.5;
    return LEFT + share * (this.width - LEFT - RIGHT);
  }

  // The line

  private line(height: number): TemplateResult {
    const [low, high, step] = ticked(this.track.range);
    const bottom = height - AXIS;
    const y = (number: number): number => bottom - ((number - low) / (high - low)) * (bottom - TOP);
    const { path, dots } = this.path(y);
    const chosen = this.chosen === null ? NaN : this.track.numbers[this.chosen]!;
    return svg`
      ${ticks(low, high, step).map(
        (tick) => svg`
          <line class="grid" x1=${LEFT} x2=${this.width - RIGHT} y1=${y(tick)} y2=${y(tick)} />
          <text class="tick" x=${LEFT - 8} y=${y(tick) + 4} text-anchor="end">${this.speech.number(tick)}</text>`,
      )}
      ${this.silences(TOP, bottom)}
      <path class="line" d=${path} />
      ${dots.map(([cx, cy]) => svg`<circle class="dot" cx=${cx} cy=${cy} r="2.5" />`)}
      ${Number.isNaN(chosen) ? nothing : svg`<circle class="chosen" cx=${this.x(this.track.times[this.chosen!]!)} cy=${y(chosen)} r="5" />`}
    `;
  }

  /** Returns the line, of which each column of pixels has its first, lowest, highest and last number, and single dots. */
  private path(y: (number: number) => number): { path: string; dots: [number, number][] } {
    const { times, numbers } = this.track;
    const isSparse = times.length * 8 < this.width;
    const dots: [number, number][] = [];
    const parts: string[] = [];
    let column: number[] = [];
    let at = NaN;
    let isBroken = true;
    const end = (): void => {
      for (const number of outline(column)) {
        parts.push(`${isBroken ? 'M' : 'L'}${at} ${y(number).toFixed(1)}`);
        isBroken = false;
      }
      column = [];
    };
    for (let number = 0; number < times.length; number++) {
      const value = numbers[number]!;
      const place = isSparse ? Number(this.x(times[number]!).toFixed(1)) : Math.round(this.x(times[number]!));
      if (place !== at || this.track.isAfterGap(number) || Number.isNaN(value)) end();
      if (this.track.isAfterGap(number) || Number.isNaN(value)) isBroken = true;
      at = place;
      if (Number.isNaN(value)) continue;
      column.push(value);
      if (isSparse) dots.push([place, y(value)]);
    }
    end();
    return { path: parts.join(''), dots };
  }

  /** Returns the stretches in which the sensor was silent. */
  private silences(top: number, bottom: number): TemplateResult[] {
    return this.stretches()
      .filter((stretch) => SILENT.has(stretch.state))
      .map(
        ({ from, to, state }) =>
          svg`<rect class="silent" x=${from} y=${top} width=${Math.max(2, to - from)} height=${bottom - top}><title>${plain(state)}</title></rect>
          ${label(plain(state), from, to, top, bottom)}`,
      );
  }

  // The bands

  private bands(): TemplateResult {
    const names = this.states();
    return svg`${this.stretches().map(({ from, to, state }) => {
      const width = Math.max(1, to - from);
      return svg`
        <rect class="band ${SILENT.has(state) ? 'silent' : `state-${names.indexOf(state) % STATES}`}" x=${from} y="6" width=${width} height=${BAND - 10} rx="3" />
        ${width > 9 * state.length + 12 ? svg`<text class="in-band" x=${from + width / 2} y=${BAND / 2 + 5} text-anchor="middle">${plain(state)}</text>` : nothing}`;
    })}`;
  }

  /** Returns the stretches in which the state was the same, as far as they can be told apart. */
  private stretches(): Stretch[] {
    const { readings, times } = this.track;
    const found: Stretch[] = [];
    const end = this.x(this.domain[1]);
    readings.forEach(({ leaf: { state } }, number) => {
      const from = this.x(times[number]!);
      const isBeforeGap = this.track.isAfterGap(number + 1);
      const next = times[number + 1];
      const to = isBeforeGap ? from : next === undefined ? Math.min(end, from + 6) : this.x(next);
      const last = found.at(-1);
      if (last && last.state === state && last.to >= from - 0.5) found[found.length - 1] = { ...last, to };
      else if (last && to - last.from < 1 && !this.track.isAfterGap(number)) found[found.length - 1] = { ...last, to };
      else found.push({ from, to, state });
    });
    return found;
  }

  private states(): string[] {
    return Array.from(new Set(this.track.readings.map((reading) => reading.leaf.state))).sort();
  }

  private legend(): TemplateResult {
    const names = this.states();
    return html`<ul class="legend">
      ${names
        .slice(0, 12)
        .map(
          (state, number) =>
            html`<li>
              <span class="swatch ${SILENT.has(state) ? 'silent' : `state-${number % STATES}`}"></span>${state}
            </li>`,
        )}
    </ul>`;
  }

  // What both have

  private gaps(height: number): TemplateResult {
    const bottom = height - AXIS;
    return svg`${this.series.gaps.map((gap: Gap) => {
      const from = this.x(toMilliseconds(gap.after));
      const width = Math.max(4, this.x(toMilliseconds(gap.before)) - from);
      const text = this.speech.count('missing', gap.last - gap.first + 1);
      return svg`<g class="gap">
        <rect x=${from} y="4" width=${width} height=${bottom - 4} fill="url(#missing)" />
        <line x1=${from} x2=${from} y1="4" y2=${bottom} /><line x1=${from + width} x2=${from + width} y1="4" y2=${bottom} />
        <title>${text}</title>
        ${label(text, from, from + width, TOP, bottom)}
      </g>`;
    })}`;
  }

  private timeAxis(height: number): TemplateResult {
    const [from, to] = this.domain;
    const room = this.width - LEFT - RIGHT;
    const step = [...STEPS, ...DAYS].find((each) => ((to - from) / each) * 84 <= room) ?? DAYS.at(-1)!;
    const zone = new Date(from).getTimezoneOffset() * MINUTE;
    const marks: number[] = [];
    for (let mark = Math.ceil((from - zone) / step) * step + zone; mark <= to; mark += step) marks.push(mark);
    const format = new Intl.DateTimeFormat(this.speech.locale, axisFormat(step));
    const date = new Intl.DateTimeFormat(this.speech.locale, { day: 'numeric', month: 'short' });
    const isMidnight = (mark: number): boolean => step < DAY && (mark - zone) % DAY === 0;
    return svg`${marks.map(
      (mark) => svg`
        <line class="grid" x1=${this.x(mark)} x2=${this.x(mark)} y1="4" y2=${height - AXIS} />
        <text class="tick" x=${this.x(mark)} y=${height - 7} text-anchor="middle">${isMidnight(mark) ? date.format(mark) : format.format(mark)}</text>`,
    )}`;
  }

  private pointer(height: number): TemplateResult | typeof nothing {
    if (this.chosen === null) return nothing;
    const x = this.x(this.track.times[this.chosen]!);
    return svg`<line class="pointer" x1=${x} x2=${x} y1="4" y2=${height - AXIS} />`;
  }

  private readout(): TemplateResult | typeof nothing {
    if (this.chosen === null) return nothing;
    return html`<p class="readout" aria-hidden="true"><bdi>${this.told(this.chosen)}</bdi></p>`;
  }

  // Pointing

  private point(event: PointerEvent): void {
    const [from, to] = this.domain;
    const share = (event.offsetX - LEFT) / (this.width - LEFT - RIGHT);
    this.chosen = this.track.nearest(from + share * (to - from));
  }

  private leave(): void {
    this.chosen = null;
  }

  private key(event: KeyboardEvent): void {
    const last = this.track.readings.length - 1;
    const now = this.chosen ?? last;
    const page = Math.max(10, Math.round(last / 20));
    const moves: Record<string, number> = {
      ArrowLeft: now - 1,
      ArrowDown: now - 1,
      ArrowRight: now + 1,
      ArrowUp: now + 1,
      PageDown: now - page,
      PageUp: now + page,
      Home: 0,
      End: last,
    };
    const to = moves[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.chosen = Math.min(last, Math.max(0, to));
  }
}

/** Returns a text in a stretch of the plot, on its side where that is narrow, and none where it does not fit. */
function label(text: string, from: number, to: number, top: number, bottom: number): TemplateResult | typeof nothing {
  const [length, x] = [7 * text.length, (from + to) / 2];
  if (to - from > length) return svg`<text x=${x} y=${top + 14} text-anchor="middle">${text}</text>`;
  if (to - from < 18 || bottom - top < length) return nothing;
  const y = (top + bottom) / 2;
  return svg`<text x=${x} y=${y + 4} text-anchor="middle" transform="rotate(-90 ${x} ${y})">${text}</text>`;
}

/** Returns of many numbers in one column what is needed to draw it: first, lowest, highest, last. */
function outline(column: readonly number[]): readonly number[] {
  if (column.length < 3) return column;
  const low = column.reduce((one, other) => Math.min(one, other));
  const high = column.reduce((one, other) => Math.max(one, other));
  return [column[0]!, low, high, column.at(-1)!];
}

/** Returns a distance between marks of which four or five fit. */
function stepOf(low: number, high: number): number {
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 2.5, 5, 10].find((each) => each * power >= rough) ?? 10);
}

/** Returns the range of the axis for a range of numbers, whole steps around it, and the step. */
function ticked([low, high]: readonly [number, number]): [number, number, number] {
  const room = high > low ? 0 : Math.abs(high) / 10 || 1;
  const step = stepOf(low - room, high + room);
  return [Math.floor((low - room) / step) * step, Math.ceil((high + room) / step) * step, step];
}

function ticks(low: number, high: number, step: number): number[] {
  const count = Math.round((high - low) / step);
  return Array.from({ length: count + 1 }, (_, number) => Number((low + number * step).toPrecision(12)));
}

function axisFormat(step: number): Intl.DateTimeFormatOptions {
  if (step < MINUTE) return { hour: '2-digit', minute: '2-digit', second: '2-digit' };
  if (step < DAY) return { hour: '2-digit', minute: '2-digit' };
  return step < 30 * DAY ? { day: 'numeric', month: 'short' } : { month: 'short', year: 'numeric' };
}

customElements.define('sensorchain-plot', Plot);
