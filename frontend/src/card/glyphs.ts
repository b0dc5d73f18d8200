/** A status as a form: a ring fills as a reading comes further, and trouble has corners. Colour only repeats it. */

import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import type { Status } from './data';

const RING = svg`<circle cx="10" cy="10" r="7.25" fill="none" stroke="currentColor" stroke-width="1.75" />`;
const CORNERS = svg`<path d="M10 2.2 18.2 17H1.8Z" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linejoin="round" />`;

const FORMS: Readonly<Record<Status, SVGTemplateResult>> = {
  recorded: svg`${RING}<circle cx="10" cy="10" r="1.75" fill="currentColor" />`,
  submitted: svg`${RING}<path d="M10 5.2a4.8 4.8 0 0 0 0 9.6Z" fill="currentColor" />`,
  confirmed: svg`<circle cx="10" cy="10" r="8.1" fill="currentColor" /><path class="cut" d="m6.2 10.3 2.6 2.6 5-5.4" fill="none" stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round" />`,
  failed: svg`<path d="M6.6 2h6.8L18 6.6v6.8L13.4 18H6.6L2 13.4V6.6Z" fill="currentColor" /><path class="cut" d="m7.2 7.2 5.6 5.6m0-5.6-5.6 5.6" fill="none" stroke-width="1.9" stroke-linecap="round" />`,
  overdue: svg`${CORNERS}<path d="M10 7.5v4.2" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" /><circle cx="10" cy="14.2" r="1" fill="currentColor" />`,
  unreachable: svg`<circle cx="10" cy="10" r="7.25" fill="none" stroke="currentColor" stroke-width="1.75" stroke-dasharray="5.1 2.49" /><path d="M6.8 10h6.4" stroke="currentColor" stroke-width="1.9" stroke-linecap="round" />`,
};

/** Returns the form of a status; what it means stands beside it in words. */
export function glyph(status: Status | null): TemplateResult {
  const form = status ? FORMS[status] : svg`<circle cx="10" cy="10" r="2" fill="currentColor" />`;
  return html`<svg class="glyph ${status ?? 'none'}" viewBox="0 0 20 20" aria-hidden="true">${form}</svg>`;
}

const PATHS = {
  open: 'M14 3v2h3.59l-9.83 9.83 1.41 1.41L19 6.41V10h2V3m-2 16H5V5h7V3H5a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h14a2 2 0 0 0 2-2v-7h-2v7Z',
  close: 'M19 6.41 17.59 5 12 10.59 6.41 5 5 6.41 10.59 12 5 17.59 6.41 19 12 13.41 17.59 19 19 17.59 13.41 12Z',
  verify:
    'm10 17-4-4 1.41-1.41L10 14.17l6.59-6.59L18 9m-6-8L3 5v6c0 5.55 3.84 10.74 9 12 5.16-1.26 9-6.45 9-12V5l-9-4Z',
  download: 'M5 20h14v-2H5m14-9h-4V3H9v6H5l7 7 7-7Z',
  anchor:
    'M12 2a3 3 0 0 1 1 5.83V10h4v2h-4v7.92c2.5-.37 4.5-2 5.28-4.18L16.5 16l3.2-4 2.8 4.2-1.9-.1C19.7 19.6 16.2 22 12 22s-7.7-2.4-8.6-5.9l-1.9.1 2.8-4.2 3.2 4-1.78-.26A6.8 6.8 0 0 0 11 19.92V12H7v-2h4V7.83A3 3 0 0 1 12 2m0 2a1 1 0 1 0 0 2 1 1 0 0 0 0-2Z',
  lock: 'M12 17a2 2 0 0 0 0-4 2 2 0 0 0 0 4m6-9a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V10a2 2 0 0 1 2-2h1V6a5 5 0 0 1 10 0v2h1m-6-5a3 3 0 0 0-3 3v2h6V6a3 3 0 0 0-3-3Z',
};

/** Returns one of the symbols on buttons. */
export function symbol(name: keyof typeof PATHS): TemplateResult {
  return html`<svg class="symbol" viewBox="0 0 24 24" aria-hidden="true">
    <path d=${PATHS[name]} fill="currentColor" />
  </svg>`;
}
