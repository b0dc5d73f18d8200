/** The anchors of a bundle: what is said of them, and what their ledgers say. */

import { html, nothing, type TemplateResult } from 'lit';
import type { AnchorFinding, Proof, Verdict } from '../verify';
import { icon, type Mark } from './icons';
import { nodesOf } from './ledgers';
import { plain } from './plain';
import type { Speech } from './words';

/** Returns the ledgers, each with the anchor that tells most. */
export function showAnchors(
  speech: Speech,
  anchors: readonly AnchorFinding[],
  verdict: Verdict,
): TemplateResult | typeof nothing {
  const groups = new Map<string, AnchorFinding[]>();
  for (const finding of anchors) {
    const name = `${finding.anchor.kind} ${finding.anchor.name} ${finding.standing} ${finding.isTrial}`;
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name)!.push(finding);
  }
  if (!anchors.length) return nothing;
  return html`<ul class="ledgers">
    ${Array.from(groups.values(), (group) => ledger(speech, group.at(-1)!, group.length - 1, verdict))}
  </ul>`;
}

/** Returns a ledger with its largest anchor of some standing, and how many others there are. */
function ledger(speech: Speech, finding: AnchorFinding, others: number, verdict: Verdict): TemplateResult {
  const isProof = finding.standing === 'confirmed' && !finding.isTrial;
  const state: Mark = isProof ? 'ok' : finding.standing === 'refuted' ? 'bad' : 'open';
  const covered = verdict.proofs.filter((proof): proof is Proof => proof.anchor === finding);
  return html`<li class=${state}>
    ${icon(state)}
    <span>
      <strong><bdi>${plain(finding.anchor.name)}</bdi></strong>
      ${finding.isTrial ? html`<span class="trial">${speech.say('trial')}</span>` : nothing}
      ${standing(speech, finding)}
      ${others ? html`<span class="quiet">${speech.say('more_anchors', { n: others })}</span>` : nothing}
      ${covered.length && finding.place ? html`<span class="quiet">(${finding.place})</span>` : nothing}
      ${nodesOf(finding).length ? nothing : html`<br /><span class="quiet">${speech.say('cannot_ask')}</span>`}
    </span>
  </li>`;
}

/** Returns what is said or known of an anchor. */
function standing(speech: Speech, { standing, anchor, receipt, existedBefore }: AnchorFinding): string {
  const { size } = anchor.checkpoint;
  if (standing === 'confirmed') {
    return existedBefore
      ? speech.say('holds', { size, time: speech.at(existedBefore) })
      : speech.say('holds_now', { size });
  }
  if (standing !== 'not_checked') return speech.say(`standing_${standing}`);
  if (receipt.confirmedAt) return speech.say('claims', { size, time: speech.at(receipt.confirmedAt) });
  return speech.say('claims_no_time', { size });
}
