/** What only experts ask for. */

import { html, type TemplateResult } from 'lit';
import { toBase64, type AnchorFinding, type Findings } from '../verify';
import { plain } from './plain';
import type { Key, Speech } from './words';

/** Anchors that are told, the last ones. */
const MOST_ANCHORS = 5;

/** Shows the log and its last anchors, letter by letter. */
export function showDetails(speech: Speech, findings: Findings, anchors: readonly AnchorFinding[]): TemplateResult {
  const { caption, checkpoint, key } = findings;
  const rows: [Key, string][] = [
    ['log', key.name],
    ['exported', speech.at(caption.created)],
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
    ${anchors.slice(-MOST_ANCHORS).map(
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
            <dd>${receipt.confirmedAt ? speech.at(receipt.confirmedAt) : '–'}</dd>
          </div>
        </dl>`,
    )}
  </details>`;
}
