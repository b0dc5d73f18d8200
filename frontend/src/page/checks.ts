/** What was checked, and what no check can show. */

import { html, type TemplateResult } from 'lit';
import { onTrial, toHex, type Verdict } from '../verify';
import { icon, type Mark } from './icons';
import type { Speech } from './words';

/** The step in which a reason comes to light. */
const STEPS_OF_CODE: Record<string, number> = {
  malformed: 0,
  signature: 1,
  other_key: 1,
  proof: 2,
  readings_missing: 3,
};

/** Shows what was checked, step by step. */
export function showChecks(speech: Speech, verdict: Verdict, isAsked: boolean): TemplateResult {
  const { examination, reasons, proofs } = verdict;
  const { findings, problem } = examination;
  const failed = STEPS_OF_CODE[problem?.code ?? reasons[0]?.code ?? ''] ?? Infinity;
  // After what does not hold nothing more was checked, and what was checked before is of no use.
  const mark = (step: number): Mark => (step === failed ? 'bad' : problem ? 'open' : 'ok');
  const isHeld = isAsked && proofs.length > 0 && proofs.every((proof) => proof.anchor && !proof.anchor.isTrial);
  const isOnTrial = isAsked && onTrial(proofs) > 0;
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
    [isRefuted ? 'bad' : isHeld ? 'ok' : 'open', speech.say(isOnTrial ? 'step_trial' : 'step_ledger')],
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

/** Shows what no check can show. */
export function showLimits(speech: Speech): TemplateResult {
  const limits = ['limit_true', 'limit_later', 'limit_outside', 'limit_second', 'limit_names'] as const;
  return html`<section class="card limits">
    <h2>${speech.say('limits')}</h2>
    <ul>
      ${limits.map((limit) => html`<li>${speech.say(limit)}</li>`)}
    </ul>
  </section>`;
}
