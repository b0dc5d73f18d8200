/** The check of one reading, step by step: the proof in this browser, the anchor on its ledgers. */

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { toMilliseconds, verifyReading, type Leaf, type Step } from '../verify';
import { askLedgers, Overview, proof, type Entity, type LedgerAnswer, type Proof, type Reading } from './data';
import { dateTime, exactTime, number, shortTitle } from './format';
import { symbol } from './glyphs';
import type { Hass } from './hass';
import { shared } from './styles';
import { text, type Key } from './texts';

/** One line of the check. */
interface Line {
  readonly label: string;
  readonly ok: boolean | undefined;
  readonly value?: string | undefined;
  readonly problem?: string | undefined;
  /** Whether the value is for comparing, not for reading. */
  readonly isCode?: boolean;
}

type Outcome = 'genuine' | 'on_trial' | 'not_yet' | 'not_asked' | 'forged';

export class ReadingCheck extends LitElement {
  @property({ attribute: false }) hass!: Hass;
  @property({ attribute: false }) entity!: Entity;
  @property({ attribute: false }) reading!: Reading;
  @state() private lines: readonly Line[] = [];
  @state() private ledgers: readonly Line[] = [];
  @state() private outcome: Outcome | undefined;
  @state() private since: number | undefined;
  @state() private problem = '';

  override connectedCallback(): void {
    super.connectedCallback();
    void this.check();
  }

  private async check(): Promise<void> {
    try {
      const given = await proof(this.hass, this.entity, this.reading.index);
      const found = await verifyReading({
        leaf: given.leaf,
        proof: given.proof,
        verifierKey: given.verifier_key,
      });
      const shown = found.leaf ? isShown(found.leaf, this.reading) : false;
      this.lines = [
        ...found.steps.map((step) => this.line(step)),
        ...(found.ok ? [{ label: this.say('step_shown'), ok: shown }] : []),
      ];
      if (!found.ok || !shown) return void (this.outcome = 'forged');
      const answers = await askLedgers(this.hass, this.entity, this.reading.index);
      const proven = await this.prove(given);
      this.ledgers = answers.map((answer) => this.ledger(answer));
      this.conclude(answers.filter((answer) => proven.has(`${answer.ledger} ${answer.size}`)));
    } catch (error) {
      this.problem = (error as { message?: string }).message ?? String(error);
    }
  }

  /** Checks that the reading is in each ledger's checkpoint, too; returns the ledgers and sizes where it is. */
  private async prove({ leaf, verifier_key: verifierKey, anchors }: Proof): Promise<ReadonlySet<string>> {
    const found = await Promise.all(anchors.map(({ proof }) => verifyReading({ leaf, proof, verifierKey })));
    const holds = anchors.filter(({ size }, at) => found[at]?.ok && found[at].checkpoint?.size === size);
    return new Set(holds.map(({ ledger, size }) => `${ledger} ${size}`));
  }

  private conclude(answers: readonly LedgerAnswer[]): void {
    const confirmed = answers.filter((answer) => answer.status === 'confirmed');
    const times = confirmed
      .filter((answer) => answer.existed_before && !answer.is_trial)
      .map((answer) => Date.parse(answer.existed_before as string));
    this.since = times.length ? Math.min(...times) : undefined;
    if (answers.some((answer) => answer.status === 'lost')) this.outcome = 'forged';
    else if (confirmed.length) this.outcome = confirmed.every((answer) => answer.is_trial) ? 'on_trial' : 'genuine';
    else this.outcome = answers.length ? 'not_asked' : 'not_yet';
  }

  private line({ name, ok, value = '', problem }: Step): Line {
    const told =
      name === 'signature' && value ? this.say('checkpoint_of', { n: number(this.hass, Number(value)) }) : value;
    return { label: this.say(`step_${name}`), ok, value: told, problem, isCode: name !== 'signature' };
  }

  private ledger(answer: LedgerAnswer): Line {
    const since = answer.existed_before
      ? this.say('since', { time: dateTime(this.hass, Date.parse(answer.existed_before), this.now()) })
      : undefined;
    return {
      label: this.say('step_ledger', { ledger: shortTitle(answer.title) }),
      ok:
        answer.error || (answer.is_trial && answer.status === 'confirmed') ? undefined : answer.status === 'confirmed',
      value: [answer.is_trial ? this.say('trial') : null, answer.place, since].filter(Boolean).join(', '),
      problem: answer.error ?? answer.problem ?? undefined,
    };
  }

  private now(): number {
    return Overview.of(this.hass.connection).now();
  }

  private say(key: Key, values?: Readonly<Record<string, string | number>>): string {
    return text(this.hass.language, key, values);
  }

  override render(): TemplateResult {
    const isGoingOn = !this.outcome && !this.problem;
    return html`<div class="check" role="status" aria-live="polite" aria-busy=${isGoingOn}>
      ${this.group('in_browser', this.lines, 0)} ${this.group('by_home', this.ledgers, this.lines.length)}
      ${isGoingOn ? html`<p class="going secondary"><span class="spinner"></span>${this.say('verifying')}</p>` : nothing}
      ${this.problem ? html`<p class="result forged">${this.problem}</p>` : nothing} ${this.result()}
    </div>`;
  }

  private group(title: Key, lines: readonly Line[], before: number): TemplateResult | typeof nothing {
    if (!lines.length) return nothing;
    return html`<h3 class="secondary">${this.say(title)}</h3>
      <ul>
        ${lines.map(
          (line, position) =>
            html`<li class=${stateOf(line)} style="animation-delay: ${(before + position) * 90}ms">
              <svg viewBox="0 0 20 20" aria-hidden="true"><path d=${MARKS[stateOf(line)]} /></svg>
              <div>
                <div>${line.label}</div>
                ${line.problem ? html`<div class="secondary">${line.problem}</div>` : nothing}
                ${line.value ? html`<div class="secondary ${line.isCode ? 'code' : ''}">${line.value}</div>` : nothing}
              </div>
            </li>`,
        )}
      </ul>`;
  }

  private result(): TemplateResult | typeof nothing {
    if (!this.outcome) return nothing;
    const time = this.since
      ? html`<time title=${exactTime(this.hass, this.since)}>${dateTime(this.hass, this.since, this.now())}</time>`
      : html`…`;
    const [before, after] = this.say(this.outcome, { time: '\n' }).split('\n');
    return html`<p class="result ${this.outcome}">
      ${symbol('verify')}<span>${before}${after === undefined ? nothing : [time, after]}</span>
    </p>`;
  }

  static override styles = [
    shared,
    css`
      .check {
        margin: 0 0 12px;
        padding: 4px 16px 16px;
        border-radius: 16px;
        background: color-mix(in srgb, var(--primary-text-color) 4%, transparent);
      }
      h3 {
        margin: 12px 0 4px;
        font-weight: var(--ha-font-weight-medium, 500);
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      li {
        display: flex;
        gap: 10px;
        padding: 3px 0;
        line-height: 20px;
        animation: appear 240ms backwards ease-out;
      }
      li > div {
        min-width: 0;
      }
      li svg {
        flex: none;
        width: 18px;
        height: 18px;
        margin-top: 1px;
        fill: none;
        stroke: currentColor;
        stroke-width: 2.2;
        stroke-linecap: round;
        stroke-linejoin: round;
        color: var(--sc-confirmed);
      }
      li.bad svg {
        color: var(--sc-failed);
      }
      li.unknown svg {
        color: var(--sc-warning);
      }
      .code {
        font-family: var(--ha-font-family-code, ui-monospace, monospace);
        overflow-wrap: anywhere;
      }
      @keyframes appear {
        from {
          opacity: 0;
          transform: translateY(4px);
        }
      }
      .result {
        display: flex;
        align-items: center;
        gap: 10px;
        margin: 14px 0 0;
        padding: 10px 14px;
        border-radius: 12px;
        line-height: 20px;
        --tone: var(--sc-warning);
        background: color-mix(in srgb, var(--tone) 14%, transparent);
      }
      .result .symbol {
        color: var(--tone);
      }
      .genuine {
        --tone: var(--sc-confirmed);
        font-weight: var(--ha-font-weight-medium, 500);
      }
      .not_yet {
        --tone: var(--sc-submitted);
      }
      .forged {
        --tone: var(--sc-failed);
      }
      .going {
        display: flex;
        align-items: center;
        gap: 10px;
        margin: 12px 0 0;
      }
      .spinner {
        width: 14px;
        height: 14px;
        border: 2px solid var(--sc-line);
        border-top-color: var(--primary-color);
        border-radius: 50%;
        animation: turn 800ms linear infinite;
      }
      @keyframes turn {
        to {
          transform: rotate(1turn);
        }
      }
    `,
  ];
}

const MARKS = { good: 'm4 10.5 4 4 8-9', bad: 'm5 5 10 10m0-10-10 10', unknown: 'M10 4v7m0 4.5v.01' } as const;

function stateOf(line: Line): keyof typeof MARKS {
  return line.ok === undefined ? 'unknown' : line.ok ? 'good' : 'bad';
}

/** Tells whether a proven leaf is the reading that the person looks at. */
function isShown(leaf: Leaf, reading: Reading): boolean {
  return (
    leaf.entity_id === reading.entity_id &&
    leaf.state === reading.state &&
    leaf.unit === reading.unit &&
    leaf.sequence === reading.sequence &&
    Math.abs(toMilliseconds(leaf.last_updated) - Date.parse(reading.time)) < 1
  );
}
