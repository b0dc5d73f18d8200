/** The timeline: an entity's readings of the last hours, whose marks fill in as they are confirmed. */

import {
  css,
  html,
  LitElement,
  nothing,
  svg,
  type PropertyValues,
  type SVGTemplateResult,
  type TemplateResult,
} from 'lit';
import { property, state } from 'lit/decorators.js';
import { Overview, type Entity, type Log, type Slot, type Status, type TimelineEvent } from './data';
import { duration, number } from './format';
import type { Hass } from './hass';
import { shared } from './styles';
import { text } from './texts';

const SLOTS = 72;
const MARK = 9;
const GAP = 6;
/** So many of the latest marks fill in before one's eyes. */
const CHANGING = 8;

interface Mark {
  readonly count: number;
  readonly first: number;
  readonly last: number;
  readonly value: number;
}

export class Timeline extends LitElement {
  @property({ attribute: false }) hass!: Hass;
  @property({ attribute: false }) entity!: Entity;
  @property({ attribute: false }) log!: Log;
  @property({ type: Number }) hours = 24;
  @property({ type: Number }) height = 24;
  @state() private width = 0;
  @state() private version = 0;
  private readonly marks = new Map<number, Mark>();
  private isVisible = false;
  private followed = '';
  private stop: (() => void) | undefined;
  private readonly watched = new IntersectionObserver(([entry]) => {
    this.isVisible = entry?.isIntersecting ?? false;
    this.follow();
    this.requestUpdate();
  });
  private readonly sized = new ResizeObserver(([entry]) => (this.width = Math.round(entry?.contentRect.width ?? 0)));
  private clock = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.watched.observe(this);
    this.sized.observe(this);
    // The present moves on when nothing is read, too.
    this.clock = window.setInterval(() => this.isVisible && this.version++, Math.max(5, this.seconds / 2) * 1000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.watched.disconnect();
    this.sized.disconnect();
    window.clearInterval(this.clock);
    this.isVisible = false;
    this.follow();
  }

  /** The length of a slot. */
  private get seconds(): number {
    return (this.hours * 3600) / SLOTS;
  }

  /** Subscribes while it can be seen, and keeps what it knows while it cannot. */
  private follow(): void {
    const wanted = this.isVisible ? `${this.entity.log}/${this.entity.entity_id}/${this.hours}` : '';
    if (wanted === this.followed) return;
    this.stop?.();
    this.stop = undefined;
    this.followed = wanted;
    if (!wanted) return;
    const subscription = this.hass.connection.subscribeMessage<TimelineEvent>((event) => this.receive(event), {
      type: 'sensorchain/timeline',
      log: this.entity.log,
      entity_id: this.entity.entity_id,
      hours: this.hours,
      slot: this.seconds,
    });
    subscription.catch(() => undefined);
    this.stop = () => void subscription.then((stop) => stop()).catch(() => undefined);
  }

  private receive(event: TimelineEvent): void {
    if (event.full) this.marks.clear();
    for (const slot of event.slots) this.add(slot);
    this.version++;
  }

  private add([slot, count, first, last, value]: Slot): void {
    const known = this.marks.get(slot);
    this.marks.set(slot, {
      count: count + (known?.count ?? 0),
      first: known?.first ?? first,
      last,
      value: value.trim() === '' ? NaN : Number(value),
    });
  }

  override shouldUpdate(): boolean {
    return this.isVisible || !this.hasUpdated;
  }

  override willUpdate(changed: PropertyValues): void {
    if (changed.has('entity') || changed.has('hours')) this.follow();
  }

  override render(): TemplateResult {
    const end = Math.floor(Overview.of(this.hass.connection).now() / 1000 / this.seconds);
    const begin = end - SLOTS + 1;
    const shown: [number, Mark][] = [];
    for (const [slot, mark] of this.marks) {
      if (slot < begin) this.marks.delete(slot);
      else shown.push([Math.min(slot, end) - begin, mark]);
    }
    return html`<svg
      role="img"
      aria-label=${this.label(shown)}
      viewBox="0 0 ${this.width} ${this.total}"
      width=${this.width}
      height=${this.total}
    >
      ${this.width ? [this.line(shown), this.beads(shown)] : nothing}
    </svg>`;
  }

  private get total(): number {
    return this.height + GAP + MARK;
  }

  private get pitch(): number {
    return this.width / SLOTS;
  }

  private label(shown: readonly [number, Mark][]): string {
    const sum = (marks: readonly [number, Mark][]): number => marks.reduce((total, [, mark]) => total + mark.count, 0);
    return text(this.hass.language, 'timeline', {
      n: number(this.hass, sum(shown)),
      time: duration(this.hass, this.hours * 3600),
      confirmed: number(this.hass, sum(shown.filter(([, mark]) => this.status(mark) === 'confirmed'))),
    });
  }

  /** A mark has come as far as its last reading. */
  private status(mark: Mark): Status {
    if (mark.last < this.log.confirmed_size) return 'confirmed';
    if (mark.last < this.log.submitted_size) return 'submitted';
    return this.entity.status === 'failed' ? 'failed' : 'recorded';
  }

  /** A stroke for each slot: those that are confirmed in one path, the others, and the latest, as marks that change. */
  private beads(shown: readonly [number, Mark][]): SVGTemplateResult {
    const width = Math.max(1.75, Math.min(6, this.pitch * 0.64));
    const top = this.height + GAP;
    const marks = new Map(shown);
    const changing: SVGTemplateResult[] = [];
    let confirmed = '';
    let empty = '';
    for (let slot = 0; slot < SLOTS; slot++) {
      const middle = (slot + 0.5) * this.pitch;
      const mark = marks.get(slot);
      const status = mark && this.status(mark);
      if (!status) empty += `M${middle.toFixed(1)} ${top + MARK / 2}h0`;
      else if (status === 'confirmed' && slot < SLOTS - CHANGING) {
        confirmed += `M${middle.toFixed(1)} ${top + width / 2}v${MARK - width}`;
      } else changing.push(bead(status, middle - width / 2, top, width));
    }
    return svg`<path class="empty" d=${empty} /><path class="all confirmed" stroke-width=${width} d=${confirmed} />${changing}`;
  }

  /** The values between the lowest and the highest one, none for what is no number. */
  private line(shown: readonly [number, Mark][]): SVGTemplateResult | typeof nothing {
    const points = shown.filter(([, mark]) => Number.isFinite(mark.value)).sort(([a], [b]) => a - b);
    if (points.length < 2) return nothing;
    const values = points.map(([, mark]) => mark.value);
    const low = Math.min(...values);
    const span = Math.max(...values) - low;
    const path = points.map(([slot, mark]) => {
      const y = 1.5 + (span ? 1 - (mark.value - low) / span : 0.5) * (this.height - 3);
      return `${((slot + 0.5) * this.pitch).toFixed(1)} ${y.toFixed(1)}`;
    });
    const [first = '0'] = path[0]?.split(' ') ?? [];
    const [last = '0'] = path[path.length - 1]?.split(' ') ?? [];
    return svg`
      <defs><linearGradient id="fade" x1="0" y1="0" x2="0" y2="1"><stop offset="0" class="top" /><stop offset="1" class="bottom" /></linearGradient></defs>
      <path class="area" d="M${first} ${this.height}L${path.join('L')}L${last} ${this.height}Z" />
      <path class="line" d="M${path.join('L')}" />`;
  }

  static override styles = [
    shared,
    css`
      :host {
        display: block;
        direction: ltr;
        --sc-value: var(--sc-value-color, var(--primary-color));
      }
      svg {
        display: block;
        overflow: visible;
      }
      .line {
        fill: none;
        stroke: var(--sc-value);
        stroke-width: 1.5;
        stroke-linejoin: round;
        stroke-linecap: round;
      }
      .area {
        fill: url(#fade);
      }
      .top {
        stop-color: var(--sc-value);
        stop-opacity: 0.22;
      }
      .bottom {
        stop-color: var(--sc-value);
        stop-opacity: 0;
      }
      .empty,
      .all {
        fill: none;
        stroke-linecap: round;
      }
      .empty {
        stroke: var(--sc-line);
        stroke-width: 1.8;
      }
      .all {
        stroke: currentColor;
      }
      .outline {
        fill: none;
        stroke: currentColor;
        stroke-width: 1;
      }
      .content {
        fill: currentColor;
        transform-box: fill-box;
        transform-origin: bottom;
        transition: transform 600ms cubic-bezier(0.2, 0.8, 0.2, 1);
      }
      .recorded .content {
        transform: scaleY(0);
      }
      .submitted .content {
        transform: scaleY(0.5);
      }
      g {
        transition: color 600ms;
      }
    `,
  ];
}

/** A mark: empty when recorded, half full when submitted, full when confirmed, in two pieces when refused. */
function bead(status: Status, x: number, y: number, width: number): SVGTemplateResult {
  const radius = width / 2;
  if (status === 'failed') {
    const piece = (at: number): SVGTemplateResult =>
      svg`<rect class="content" x=${x} y=${at} width=${width} height=${MARK / 3} />`;
    return svg`<g class="failed">${piece(y)}${piece(y + (2 * MARK) / 3)}</g>`;
  }
  return svg`<g class=${status}>
    <rect class="outline" x=${x + 0.5} y=${y + 0.5} width=${width - 1} height=${MARK - 1} rx=${radius - 0.5} />
    <rect class="content" x=${x} y=${y} width=${width} height=${MARK} rx=${radius} />
  </g>`;
}
