/** The pictures of the page: shapes tell the outcomes apart, not colours alone. */

import { svg, type TemplateResult } from 'lit';

/** How far a step of the check has come. */
export type Mark = 'ok' | 'bad' | 'open';

/** The project's mark: a thermometer inside the links of a chain. */
export const MARK = svg`<svg class="mark" viewBox="-256 -256 512 512" fill="none" stroke-linecap="round" aria-hidden="true">
  <g transform="rotate(-45)">
    <g stroke="#12a594" stroke-width="52">
      <path d="M-42-100H-150a100 100 0 0 0 0 200H-42" /><path d="M42-100H150a100 100 0 0 1 0 200H42" />
    </g>
    <path d="M-150 0H150" stroke="#ff8b3d" stroke-width="38" /><circle cx="-150" r="54" fill="#ff8b3d" />
  </g>
</svg>`;

/** The hatching of what is missing, for all plots. */
export const HATCHING = svg`<svg class="hidden" width="0" height="0" aria-hidden="true">
  <defs>
    <pattern id="missing" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect width="8" height="8" class="hatch-ground" /><line x1="0" y1="0" x2="0" y2="8" class="hatch-line" />
    </pattern>
  </defs>
</svg>`;

const SHIELD = 'M12 2.5 4 5.5v6c0 5 3.4 8.6 8 10 4.6-1.4 8-5 8-10v-6z';
const PATHS = {
  genuine: [SHIELD, 'm8.2 12 2.7 2.7 5-5.2'],
  not_genuine: ['M12 2.5a9.5 9.5 0 1 0 0 19 9.5 9.5 0 0 0 0-19z', 'm8.5 8.5 7 7m0-7-7 7'],
  undecided: [
    'M12 2.5a9.5 9.5 0 1 0 0 19 9.5 9.5 0 0 0 0-19z',
    'M9.3 9.2a2.8 2.8 0 1 1 4 2.6c-.9.5-1.3 1-1.3 2m0 3v.1',
  ],
  ok: ['m5 12.5 4.5 4.5L19 7'],
  bad: ['m6.5 6.5 11 11m0-11-11 11'],
  open: ['M6 12h12'],
  file: ['M13.5 3H6.5a1 1 0 0 0-1 1v16a1 1 0 0 0 1 1h11a1 1 0 0 0 1-1V8z', 'M13.5 3v5h5', 'm9 14.5 2.2 2.2 4-4.4'],
};

export function icon(name: keyof typeof PATHS): TemplateResult {
  return svg`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${PATHS[name].map((d) => svg`<path d=${d} />`)}</svg>`;
}
