/** Two bundles of one log against each other. */

import { html, nothing, type TemplateResult } from 'lit';
import { judge, type Comparison, type Verdict } from '../verify';
import { icon } from './icons';
import type { Speech } from './words';

/** What the second bundle shows by itself, and how it goes with the first. */
export interface Second {
  readonly verdict: Verdict;
  readonly comparison: Comparison | null;
}

/** Shows whether two bundles tell the same story. */
export function showComparison(speech: Speech, { verdict, comparison }: Second): TemplateResult {
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
