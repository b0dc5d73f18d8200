/** The outcome of a check, in a few words and in a sentence. */

import { html, nothing, type TemplateResult } from 'lit';
import { onTrial, type Findings, type Proof, type Verdict } from '../verify';
import { icon } from './icons';
import { plain } from './plain';
import type { Key, Speech } from './words';

/** Shows the outcome of a check and why it is that, of what file, with how many readings. */
export function showOutcome(speech: Speech, file: File, verdict: Verdict, isAsked: boolean): TemplateResult {
  const [title, sentence, values] = said(speech, verdict, isAsked);
  const { findings, problem } = verdict.examination;
  // What a trial network holds is shown like what is not known: since when, it proves to nobody else.
  const look = isAsked && verdict.outcome === 'genuine' && onTrial(verdict.proofs) ? 'undecided' : verdict.outcome;
  return html`<section class="outcome ${look} ${isAsked ? '' : 'alone'}" tabindex="-1" aria-live="polite">
    ${icon(look)}
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
        ${findings && !problem ? html`· ${extent(speech, findings)}` : nothing}
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
function said(speech: Speech, verdict: Verdict, isAsked: boolean): [Key, Key, Record<string, string | number>] {
  const { outcome, reasons, proofs, examination } = verdict;
  const [reason] = reasons;
  const count = examination.findings?.count ?? 0;
  const proved = sum(proofs.filter((proof) => proof.anchor && !proof.anchor.isTrial));
  if (outcome === 'not_genuine')
    return ['not_genuine', `why_${reason?.code ?? 'malformed'}` as Key, { n: reason?.count ?? 0 }];
  if (examination.problem) return ['undecided', `why_${examination.problem.code}` as Key, {}];
  if (!isAsked) return ['genuine_alone', 'says_genuine_alone', {}];
  if (outcome === 'undecided' && proved) return ['in_part', 'says_in_part', { proved, n: count }];
  if (outcome === 'undecided' && !onTrial(proofs)) return ['genuine_alone', 'says_undecided', {}];
  if (onTrial(proofs))
    return proved ? ['in_part', 'says_in_part', { proved, n: count }] : ['on_trial', 'says_on_trial', {}];
  const times = proofs.map((proof) => proof.anchor?.existedBefore ?? null);
  const latest = times.includes(null) ? null : times.reduce((one, other) => (one! > other! ? one : other), '');
  return latest ? ['genuine', 'says_genuine', { time: speech.at(latest) }] : ['genuine', 'says_genuine_now', {}];
}

/** Returns how many readings there are, from when to when. */
function extent(speech: Speech, findings: Findings): string {
  const first = findings.periods.flatMap((period) => period.earliest ?? []).sort()[0];
  const last = findings.periods
    .flatMap((period) => period.latest ?? [])
    .sort()
    .at(-1);
  const count = speech.count('readings', findings.count);
  if (!first || !last) return count;
  return `${count}, ${speech.say('from_to', { from: speech.at(first), to: speech.at(last) })}`;
}

/** Returns how many readings proofs are of. */
function sum(proofs: readonly Proof[]): number {
  return proofs.reduce((count, proof) => count + proof.period.count, 0);
}
