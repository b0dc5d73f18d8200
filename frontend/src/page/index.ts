/** The page that checks a proof bundle: no server, and no network unless a person asks for it. */

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import {
  decide,
  examine,
  examineTwo,
  InvalidError,
  unchecked,
  VerifierKey,
  type AnchorFinding,
  type Examination,
  type Findings,
  type ProvenReading,
  type Verdict,
} from '../verify';
import { showAnchors } from './anchors';
import { showChecks, showLimits } from './checks';
import { showComparison, type Second } from './comparison';
import { showDetails } from './details';
import { HATCHING, icon, MARK, type Mark } from './icons';
import { askLedgers, nodesOf } from './ledgers';
import { showOutcome } from './outcome';
import { showPlots, showTable } from './readings';
import { Track } from './track';
import { LANGUAGES, preferred, Speech, type Key, type Language } from './words';

/** A bundle that was read, and what is kept of it. */
interface Checked {
  readonly file: File;
  readonly examination: Examination;
  readonly readings: readonly ProvenReading[];
  readonly tracks: ReadonlyMap<string, Track>;
}

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
  declare private second: Second | null;
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
      ${showLimits(this.speech)}
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
      ${showOutcome(this.speech, checked.file, verdict, isAsked)}
      ${
        findings && !problem
          ? html`
              ${this.second ? showComparison(this.speech, this.second) : nothing}
              ${showPlots(this.speech, checked.tracks, findings)}
              <div class="columns">${showChecks(this.speech, verdict, isAsked)} ${this.since(verdict, isAsked)}</div>
              ${showTable(this.speech, checked.readings, checked.tracks, verdict)}
              <div class="columns">${this.whose(findings, key)} ${showLimits(this.speech)}</div>
              ${showDetails(this.speech, findings, this.anchors)}
            `
          : showChecks(this.speech, verdict, isAsked)
      }
      <nav class="after">
        ${this.chooser('another', (file) => this.check(file))}
        ${problem ? nothing : this.chooser('compare', (file) => this.compare(file))}
      </nav>
    `;
  }

  private since(verdict: Verdict, isAsked: boolean): TemplateResult {
    const { speech } = this;
    return html`<section class="card">
      <h2>${speech.say('since')}</h2>
      <p>${speech.say('since_why')}</p>
      ${this.anchors.length ? nothing : html`<p>${speech.say('no_anchor')}</p>`}
      ${showAnchors(this.speech, this.anchors, verdict)}
      ${this.anchors.some((each) => each.isTrial) ? html`<p class="quiet">${speech.say('trial_why')}</p>` : nothing}
      ${this.question(isAsked)}
    </section>`;
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
    const kinds = new Set(this.anchors.map(({ anchor }) => anchor.kind));
    if (kinds.size > 1) return 'asked_honest';
    return kinds.has('opentimestamps') ? 'asked_bitcoin' : kinds.has('iota') ? 'asked_iota' : 'asked_honest';
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
}

customElements.define('sensorchain-verify', VerifyPage);
