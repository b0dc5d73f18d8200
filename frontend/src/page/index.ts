/** The page that checks a proof bundle: no server, and no network unless a person asks for it. */

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import {
  decide,
  examine,
  examineTwo,
  InvalidError,
  judge,
  toBase64,
  toHex,
  toMilliseconds,
  unchecked,
  VerifierKey,
  type AnchorFinding,
  type Comparison,
  type Examination,
  type Findings,
  type Proof,
  type ProvenReading,
  type Series,
  type Verdict,
} from '../verify';
import { HATCHING, icon, MARK } from './icons';
import { askLedgers, nodesOf } from './ledgers';
import './plot';
import './table';
import { plain } from './plain';
import { nameOf, Track } from './track';
import { LANGUAGES, preferred, Speech, type Key, type Language } from './words';

/** How far a step of the check has come. */
type Mark = 'ok' | 'bad' | 'open';

/** A bundle that was read, and what is kept of it. */
interface Checked {
  readonly file: File;
  readonly examination: Examination;
  readonly readings: readonly ProvenReading[];
  readonly tracks: ReadonlyMap<string, Track>;
}

const MOST_ANCHORS = 5;
const STEPS_OF_CODE: Record<string, number> = {
  malformed: 0,
  signature: 1,
  other_key: 1,
  proof: 2,
  readings_missing: 3,
};

export class VerifyPage extends LitElement {
  static override properties = {
    speech: { state: true },
    checked: { state: true },
    second: { state: true },
    anchors: { state: true },
    checking: { state: true },
    asking: { state: true },
    isOver: { state: true },
    key: { state: true },
  };

  declare private speech: Speech;
  declare private checked: Checked | null;
  /** What the second file shows, and how it goes with the first. */
  declare private second: { verdict: Verdict; comparison: Comparison | null } | null;
  declare private anchors: readonly AnchorFinding[];
  /** How many readings were checked so far, while one is. */
  declare private checking: number | null;
  declare private asking: readonly [done: number, all: number] | null;
  /** Whether a file is held above the page. */
  declare private isOver: boolean;
  /** The verifier key that a person was given. */
  declare private key: string;

  private stopper = new AbortController();

  constructor() {
    super();
    const wanted = new URLSearchParams(location.search).get('lang');
    this.speech = new Speech(preferred([...(wanted ? [wanted] : []), ...navigator.languages]));
    this.checked = null;
    this.second = null;
    this.anchors = [];
    this.checking = null;
    this.asking = null;
    this.isOver = false;
    this.key = '';
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('dragover', this.dragOver);
    addEventListener('dragleave', this.dragLeave);
    addEventListener('drop', this.drop);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('dragover', this.dragOver);
    removeEventListener('dragleave', this.dragLeave);
    removeEventListener('drop', this.drop);
  }

  protected override willUpdate(): void {
    document.documentElement.lang = this.speech.language;
    document.title = `${this.speech.say('title')} · SensorChain`;
  }

  protected override updated(changed: PropertyValues): void {
    // Whoever listens to the page hears the outcome first.
    if (changed.has('checked') && this.checked) this.querySelector<HTMLElement>('.outcome')?.focus();
  }

  // Files

  private readonly dragOver = (event: DragEvent): void => {
    event.preventDefault();
    this.isOver = true;
  };

  private readonly dragLeave = (event: DragEvent): void => {
    if (!event.relatedTarget) this.isOver = false;
  };

  private readonly drop = (event: DragEvent): void => {
    event.preventDefault();
    this.isOver = false;
    const [one, other] = event.dataTransfer?.files ?? [];
    if (one) void this.check(one).then(() => other && this.compare(other));
  };

  private async check(file: File): Promise<void> {
    this.stopper.abort();
    this.stopper = new AbortController();
    const readings: ProvenReading[] = [];
    const tracks = new Map<string, Track>();
    this.second = this.checked = null;
    this.checking = 0;
    this.key = '';
    const examination = await this.work(() =>
      examine(file, {
        ...this.options(),
        onReading: (reading) => {
          const id = reading.leaf.entity_id;
          if (!tracks.has(id)) tracks.set(id, new Track(id));
          tracks.get(id)!.add(reading);
          readings.push(reading);
        },
      }),
    );
    if (!examination) return;
    this.anchors = unchecked(examination);
    this.checked = { file, examination, readings, tracks };
  }

  private async compare(file: File): Promise<void> {
    const { checked } = this;
    if (!checked || checked.examination.problem) return;
    this.checking = 0;
    const found = await this.work(() => examineTwo([checked.file, file], this.options()));
    if (!found) return;
    const [, other, comparison] = found;
    this.second = { verdict: decide(other, unchecked(other), { isOffline: true }), comparison };
  }

  private options(): { progress: (readings: number) => void; signal: AbortSignal } {
    const progress = (readings: number): void => {
      this.checking = readings;
    };
    return { progress, signal: this.stopper.signal };
  }

  /** Returns what comes out of work, or null where a person stopped it. */
  private async work<T>(work: () => Promise<T>): Promise<T | null> {
    const { signal } = this.stopper;
    try {
      return await work();
    } catch (error) {
      if (signal.aborted) return null;
      throw error;
    } finally {
      if (signal === this.stopper.signal) this.checking = null;
    }
  }

  private async ask(): Promise<void> {
    const { checked } = this;
    this.asking = [0, this.anchors.length];
    const anchors = await askLedgers(this.anchors, (...progress) => {
      this.asking = progress;
    });
    this.asking = null;
    if (checked === this.checked) this.anchors = anchors;
  }

  // Showing

  protected override render(): TemplateResult {
    return html`
      ${HATCHING} ${this.header()}
      <main class=${this.checked ? 'done' : 'empty'}>${this.content()}</main>
    `;
  }

  private header(): TemplateResult {
    const choose = (event: Event): void => {
      this.speech = new Speech((event.target as HTMLSelectElement).value as Language);
    };
    return html`<header>
      <div class="brand">${MARK}<span>SensorChain</span></div>
      <label>
        <span class="hidden">${this.speech.say('language')}</span>
        <select @change=${choose}>
          ${Object.entries(LANGUAGES).map(
            ([code, name]) =>
              html`<option value=${code} lang=${code} ?selected=${code === this.speech.language}>${name}</option>`,
          )}
        </select>
      </label>
    </header>`;
  }

  private content(): TemplateResult {
    if (this.checking !== null) return this.progress(this.checking);
    return this.checked ? this.report(this.checked) : this.welcome();
  }

  private welcome(): TemplateResult {
    const { speech } = this;
    return html`
      <h1>${speech.say('title')}</h1>
      <p class="lead">${speech.say('lead')}</p>
      <div class="drop ${this.isOver ? 'over' : ''}">
        ${icon('file')}
        <p class="wide-only">${speech.say('drop')} <span class="quiet">${speech.say('or')}</span></p>
        ${this.chooser('choose', (file) => this.check(file), 'primary')}
        <p class="quiet">${speech.say('stays')}</p>
      </div>
      ${this.limits()}
    `;
  }

  private chooser(key: Key, take: (file: File) => void, style = ''): TemplateResult {
    const change = (event: Event): void => {
      const input = event.target as HTMLInputElement;
      const [file] = input.files ?? [];
      if (file) take(file);
      input.value = '';
    };
    return html`<label class="button ${style}">
      <input class="hidden" type="file" accept=".json,application/json" @change=${change} />${this.speech.say(key)}
    </label>`;
  }

  private progress(readings: number): TemplateResult {
    const { speech } = this;
    return html`<section class="progress" role="status">
      <h1>${speech.say('checking')}</h1>
      <progress aria-label=${speech.say('checking')}></progress>
      <p>${speech.say('checked_so_far', { n: readings })}</p>
      <button @click=${() => this.stopper.abort()}>${speech.say('stop')}</button>
    </section>`;
  }

  private report(checked: Checked): TemplateResult {
    const { examination } = checked;
    const isAsked = this.anchors.some((anchor) => anchor.standing !== 'not_checked');
    const key = this.givenKey();
    const verdict = decide(examination, this.anchors, { key: key?.text ?? null, isOffline: !isAsked });
    const { findings, problem } = examination;
    return html`
      ${this.outcome(checked, verdict, isAsked)}
      ${
        findings && !problem
          ? html`
              ${this.second ? this.two(this.second) : nothing} ${this.plots(checked, findings)}
              <div class="columns">${this.steps(verdict, isAsked)} ${this.since(verdict, isAsked)}</div>
              ${this.table(checked, verdict)}
              <div class="columns">${this.whose(findings, key)} ${this.limits()}</div>
              ${this.details(findings)}
            `
          : this.steps(verdict, isAsked)
      }
      <nav class="after">
        ${this.chooser('another', (file) => this.check(file))}
        ${problem ? nothing : this.chooser('compare', (file) => this.compare(file))}
      </nav>
    `;
  }

  // The outcome

  private outcome({ file, examination }: Checked, verdict: Verdict, isAsked: boolean): TemplateResult {
    const { speech } = this;
    const [title, sentence, values] = this.said(verdict, isAsked);
    const { findings, problem } = examination;
    return html`<section class="outcome ${verdict.outcome} ${isAsked ? '' : 'alone'}" tabindex="-1" aria-live="polite">
      ${icon(verdict.outcome)}
      <div>
        <h1>${speech.say(title)}</h1>
        <p class="sentence">${speech.say(sentence, values)}</p>
        ${
          problem
            ? html`<p>
                ${problem.line ? speech.say('line', { line: problem.line }) : nothing} ${speech.say('nothing_shown')}
              </p>`
            : nothing
        }
        <p class="quiet">
          <bdi>${plain(findings && !problem ? findings.caption.log : file.name)}</bdi>
          ${findings && !problem ? html`· ${this.extent(findings)}` : nothing}
          ${
            findings?.missing && !problem
              ? html`<span class="missing">${speech.count('missing', findings.missing)}</span>`
              : nothing
          }
        </p>
      </div>
    </section>`;
  }

  /** Returns the outcome in a few words, in a sentence, and what the sentence names. */
  private said(verdict: Verdict, isAsked: boolean): [Key, Key, Record<string, string | number>] {
    const { outcome, reasons, proofs, examination } = verdict;
    const [reason] = reasons;
    const count = examination.findings?.count ?? 0;
    const proved = sum(proofs.filter((proof) => proof.anchor));
    if (outcome === 'not_genuine')
      return ['not_genuine', `why_${reason?.code ?? 'malformed'}` as Key, { n: reason?.count ?? 0 }];
    if (examination.problem) return ['undecided', `why_${examination.problem.code}` as Key, {}];
    if (!isAsked) return ['genuine_alone', 'says_genuine_alone', {}];
    if (outcome === 'undecided' && proved) return ['in_part', 'says_in_part', { proved, n: count }];
    if (outcome === 'undecided') return ['genuine_alone', 'says_undecided', {}];
    const times = proofs.map((proof) => proof.anchor?.existedBefore ?? null);
    const latest = times.includes(null) ? null : times.reduce((one, other) => (one! > other! ? one : other), '');
    return latest ? ['genuine', 'says_genuine', { time: this.time(latest) }] : ['genuine', 'says_genuine_now', {}];
  }

  private extent(findings: Findings): string {
    const { speech } = this;
    const first = findings.periods.flatMap((period) => period.earliest ?? []).sort()[0];
    const last = findings.periods
      .flatMap((period) => period.latest ?? [])
      .sort()
      .at(-1);
    const count = speech.count('readings', findings.count);
    if (!first || !last) return count;
    return `${count}, ${speech.say('from_to', { from: this.time(first), to: this.time(last) })}`;
  }

  private time(text: string): string {
    return this.speech.time(toMilliseconds(text));
  }

  // What was checked

  private steps(verdict: Verdict, isAsked: boolean): TemplateResult {
    const { speech } = this;
    const { examination, reasons, proofs } = verdict;
    const { findings, problem } = examination;
    const failed = STEPS_OF_CODE[problem?.code ?? reasons[0]?.code ?? ''] ?? Infinity;
    // After what does not hold nothing more was checked, and what was checked before is of no use.
    const mark = (step: number): Mark => (step === failed ? 'bad' : problem ? 'open' : 'ok');
    const isHeld = isAsked && proofs.length > 0 && proofs.every((proof) => proof.anchor);
    const isRefuted = verdict.anchors.some((anchor) => anchor.standing === 'refuted');
    const isPartial = findings?.caption.partial && findings.missing > 0;
    const rows: [Mark, string][] = [
      [mark(0), speech.say('step_form')],
      [mark(1), speech.say('step_signature', { key: findings ? toHex(findings.key.id) : '' })],
      [mark(2), speech.say('step_readings', { size: findings?.checkpoint.size ?? '' })],
      [
        isPartial ? 'open' : mark(3),
        isPartial ? speech.say('step_partial', { n: findings.missing }) : speech.say('step_whole'),
      ],
      [isRefuted ? 'bad' : isHeld ? 'ok' : 'open', speech.say('step_ledger')],
    ];
    return html`<section class="card">
      <h2>${speech.say('shown')}</h2>
      <ul class="steps">
        ${rows.map(
          ([state, text]) =>
            html`<li class=${state}>
              ${icon(state)}<span>${text}<span class="hidden">: ${speech.say(state)}</span></span>
            </li>`,
        )}
      </ul>
    </section>`;
  }

  private since(verdict: Verdict, isAsked: boolean): TemplateResult {
    const { speech } = this;
    return html`<section class="card">
      <h2>${speech.say('since')}</h2>
      <p>${speech.say('since_why')}</p>
      ${this.anchors.length ? nothing : html`<p>${speech.say('no_anchor')}</p>`} ${this.ledgers(verdict)}
      ${this.question(isAsked)}
    </section>`;
  }

  /** Returns the ledgers, each with the anchor that tells most. */
  private ledgers(verdict: Verdict): TemplateResult | typeof nothing {
    const groups = new Map<string, AnchorFinding[]>();
    for (const finding of this.anchors) {
      const name = `${finding.anchor.kind} ${finding.anchor.name} ${finding.standing}`;
      groups.set(name, [...(groups.get(name) ?? []), finding]);
    }
    if (!this.anchors.length) return nothing;
    return html`<ul class="ledgers">
      ${Array.from(groups.values(), (group) => this.ledger(group.at(-1)!, group.length - 1, verdict))}
    </ul>`;
  }

  private ledger(finding: AnchorFinding, others: number, verdict: Verdict): TemplateResult {
    const { speech } = this;
    const state: Mark = finding.standing === 'confirmed' ? 'ok' : finding.standing === 'refuted' ? 'bad' : 'open';
    const covered = verdict.proofs.filter((proof): proof is Proof => proof.anchor === finding);
    return html`<li class=${state}>
      ${icon(state)}
      <span>
        <strong><bdi>${plain(finding.anchor.name)}</bdi></strong> ${this.standing(finding)}
        ${others ? html`<span class="quiet">${speech.say('more_anchors', { n: others })}</span>` : nothing}
        ${covered.length && finding.place ? html`<span class="quiet">(${finding.place})</span>` : nothing}
        ${nodesOf(finding).length ? nothing : html`<br /><span class="quiet">${speech.say('cannot_ask')}</span>`}
      </span>
    </li>`;
  }

  private standing({ standing, anchor, receipt, existedBefore }: AnchorFinding): string {
    const { speech } = this;
    const { size } = anchor.checkpoint;
    if (standing === 'confirmed') {
      return existedBefore
        ? speech.say('holds', { size, time: this.time(existedBefore) })
        : speech.say('holds_now', { size });
    }
    if (standing !== 'not_checked') return speech.say(`standing_${standing}`);
    if (receipt.confirmedAt) return speech.say('claims', { size, time: this.time(receipt.confirmedAt) });
    return speech.say('claims_no_time', { size });
  }

  private question(isAsked: boolean): TemplateResult | typeof nothing {
    const { speech } = this;
    const nodes = Array.from(new Set(this.anchors.flatMap(nodesOf)), (node) => new URL(node).host).join(', ');
    if (!nodes) return nothing;
    if (this.asking) {
      const [done, n] = this.asking;
      return html`<p role="status">
        <progress max=${n} value=${done} aria-label=${speech.say('ask')}></progress>
        ${speech.say('asking', { done, n })}
      </p>`;
    }
    const isDeaf = isAsked && this.anchors.every((anchor) => ['unknown', 'not_checked'].includes(anchor.standing));
    return html`
      ${isDeaf ? html`<p class="problem">${speech.say('unreachable')}</p>` : nothing}
      <p><button class="primary" @click=${this.ask}>${speech.say('ask')}</button></p>
      <p class="quiet"><bdi>${speech.say(isAsked && !isDeaf ? this.honesty() : 'asks', { nodes })}</bdi></p>
    `;
  }

  /** Returns what was left to the word of the servers that were asked. */
  private honesty(): Key {
    const isBitcoin = this.anchors.every(({ anchor }) => anchor.kind === 'opentimestamps');
    return isBitcoin ? 'asked_bitcoin' : 'asked_honest';
  }

  // Readings

  private plots({ tracks }: Checked, findings: Findings): TemplateResult {
    const { speech } = this;
    const all = Array.from(tracks.values());
    const first = Math.min(...all.map((track) => minimum(track.times)));
    const last = Math.max(...all.map((track) => maximum(track.times)));
    return html`<section class="card plots">
      <h2>${speech.say('readings')}</h2>
      ${all.length ? nothing : html`<p>${speech.say('none')}</p>`}
      ${all.map((track) => this.plot(track, findings.series.get(track.entityId)!, [first, last]))}
      ${all.length ? html`<p class="quiet">${speech.say('zone', { zone: speech.zone })}</p>` : nothing}
    </section>`;
  }

  private plot(track: Track, series: Series, domain: readonly [number, number]): TemplateResult {
    const { speech } = this;
    const earlier = series.first?.leaf.sequence ?? 0;
    return html`<figure>
      <figcaption>
        <strong><bdi>${nameOf(series)}</bdi></strong>
        <span class="quiet">
          ${track.unit ? html`<bdi>${track.unit}</bdi> · ` : nothing}${speech.count('readings', series.count)}
          ${earlier ? html`· ${speech.count('before', earlier)}` : nothing}
        </span>
        ${series.missing ? html`<span class="missing">${speech.count('missing', series.missing)}</span>` : nothing}
      </figcaption>
      <sensorchain-plot .track=${track} .series=${series} .speech=${speech} .domain=${domain}></sensorchain-plot>
    </figure>`;
  }

  private table({ readings, tracks }: Checked, verdict: Verdict): TemplateResult | typeof nothing {
    if (!readings.length) return nothing;
    return html`<section class="card">
      <h2>${this.speech.say('table')}</h2>
      <sensorchain-readings
        .readings=${readings}
        .tracks=${tracks}
        .verdict=${verdict}
        .speech=${this.speech}
      ></sensorchain-readings>
    </section>`;
  }

  // Whose it is

  /** Returns the key that a person was given, null where it is none. */
  private givenKey(): VerifierKey | null {
    try {
      return VerifierKey.parse(this.key.trim());
    } catch (error) {
      if (error instanceof InvalidError) return null;
      throw error;
    }
  }

  private whose({ key }: Findings, given: VerifierKey | null): TemplateResult {
    const { speech } = this;
    const type = (event: Event): void => {
      this.key = (event.target as HTMLInputElement).value;
    };
    const said = given ? (given.text === key.text ? 'key_same' : 'key_other') : 'key_none';
    const state: Mark = said === 'key_same' ? 'ok' : 'bad';
    return html`<section class="card">
      <h2>${speech.say('key')}</h2>
      <p>${speech.say('key_why')}</p>
      <p class="field"><span class="quiet">${speech.say('key_here')}</span><code dir="ltr">${key.text}</code></p>
      <label class="field">
        <span class="quiet">${speech.say('key_given')}</span>
        <input type="text" dir="ltr" spellcheck="false" autocomplete="off" .value=${this.key} @input=${type} />
      </label>
      <p class="answer ${state}" aria-live="polite">
        ${this.key.trim() ? html`${icon(state)} ${speech.say(said)}` : nothing}
      </p>
    </section>`;
  }

  private limits(): TemplateResult {
    const { speech } = this;
    const limits = ['limit_true', 'limit_later', 'limit_outside', 'limit_second', 'limit_names'] as const;
    return html`<section class="card limits">
      <h2>${speech.say('limits')}</h2>
      <ul>
        ${limits.map((limit) => html`<li>${speech.say(limit)}</li>`)}
      </ul>
    </section>`;
  }

  private two({ verdict, comparison }: NonNullable<typeof this.second>): TemplateResult {
    const { speech } = this;
    const outcome = judge([verdict], comparison);
    const [contradiction] = comparison?.contradictions ?? [];
    return html`<section class="card two ${outcome}">
      <h2>${speech.say('two')}</h2>
      <p class="sentence">${icon(outcome)} ${speech.say(comparison ? `two_${outcome}` : 'two_none')}</p>
      ${contradiction ? html`<p>${speech.say(`two_${contradiction.code}`, { n: contradiction.number ?? 0 })}</p>` : nothing}
      ${
        comparison && !contradiction
          ? html`<ul>
              <li>${speech.say('two_shared', { n: comparison.shared })}</li>
              <li>${speech.say('two_common', { n: comparison.common })}</li>
              ${comparison.unproved ? html`<li>${speech.say('two_unproved', { n: comparison.unproved })}</li>` : nothing}
            </ul>`
          : nothing
      }
    </section>`;
  }

  private details(findings: Findings): TemplateResult {
    const { speech } = this;
    const { caption, checkpoint, key } = findings;
    const rows: [Key, string][] = [
      ['log', key.name],
      ['exported', this.time(caption.created)],
      ['size', speech.number(checkpoint.size)],
      ['root', toBase64(checkpoint.root)],
    ];
    return html`<details class="card">
      <summary>${speech.say('details')}</summary>
      <dl>
        ${rows.map(
          ([name, value]) =>
            html`<div>
              <dt>${speech.say(name)}</dt>
              <dd><bdi>${value}</bdi></dd>
            </div>`,
        )}
      </dl>
      ${this.anchors.slice(-MOST_ANCHORS).map(
        ({ anchor, receipt }) =>
          html`<dl>
            <div>
              <dt>${speech.say('ledger')}</dt>
              <dd><bdi>${plain(anchor.name)}</bdi> (${plain(anchor.kind)})</dd>
            </div>
            <div>
              <dt>${speech.say('covers')}</dt>
              <dd>${speech.count('readings', anchor.checkpoint.size)}</dd>
            </div>
            <div>
              <dt>${speech.say('transaction')}</dt>
              <dd><code dir="ltr">${plain(receipt.transaction)}</code></dd>
            </div>
            <div>
              <dt>${speech.say('noted')}</dt>
              <dd>${receipt.confirmedAt ? this.time(receipt.confirmedAt) : '–'}</dd>
            </div>
          </dl>`,
      )}
    </details>`;
  }
}

function sum(proofs: readonly Proof[]): number {
  return proofs.reduce((count, proof) => count + proof.period.count, 0);
}

function minimum(numbers: readonly number[]): number {
  return numbers.reduce((one, other) => Math.min(one, other), Infinity);
}

function maximum(numbers: readonly number[]): number {
  return numbers.reduce((one, other) => Math.max(one, other), -Infinity);
}

customElements.define('sensorchain-verify', VerifyPage);
