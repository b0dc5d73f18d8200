/** What the elements have in common: colours of the statuses, buttons, the theme's type. */

import { css } from 'lit';

export const shared = css`
  :host {
    --sc-recorded: var(--secondary-text-color, #727272);
    --sc-submitted: var(--info-color, #039be5);
    --sc-confirmed: var(--success-color, #43a047);
    --sc-failed: var(--error-color, #db4437);
    --sc-warning: var(--warning-color, #ffa600);
    --sc-ground: var(--ha-card-background, var(--card-background-color, #fff));
    --sc-line: var(--divider-color, rgba(0, 0, 0, 0.12));
    /* The theme's own colour is too faint for small text. */
    --sc-link: color-mix(in srgb, var(--primary-color) 65%, var(--primary-text-color));
    font-family: var(--ha-font-family-body, inherit);
    font-size: var(--ha-font-size-m, 14px);
    color: var(--primary-text-color);
    -webkit-font-smoothing: var(--ha-font-smoothing, antialiased);
  }
  .recorded,
  .none {
    color: var(--sc-recorded);
  }
  .submitted {
    color: var(--sc-submitted);
  }
  .confirmed {
    color: var(--sc-confirmed);
  }
  .failed {
    color: var(--sc-failed);
  }
  .overdue,
  .unreachable {
    color: var(--sc-warning);
  }
  .glyph {
    width: 1.15em;
    height: 1.15em;
    flex: none;
    vertical-align: -0.2em;
  }
  .glyph .cut {
    stroke: var(--sc-ground);
  }
  .symbol {
    width: 20px;
    height: 20px;
    flex: none;
  }
  .secondary {
    color: var(--secondary-text-color);
    font-size: var(--ha-font-size-s, 12px);
  }
  button {
    font: inherit;
    color: inherit;
    background: none;
    border: none;
    padding: 0;
    margin: 0;
    text-align: start;
    cursor: pointer;
  }
  button:disabled {
    cursor: default;
  }
  :focus-visible {
    outline: 2px solid var(--primary-color);
    outline-offset: 2px;
  }
  .icon-button {
    display: inline-grid;
    place-items: center;
    width: 40px;
    height: 40px;
    border-radius: 50%;
    color: var(--secondary-text-color);
    transition: background-color 120ms;
  }
  .icon-button:hover:not(:disabled) {
    background: color-mix(in srgb, currentColor 12%, transparent);
  }
  .icon-button:disabled {
    opacity: 0.4;
  }
  .action {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-height: 40px;
    padding: 0 16px;
    border-radius: 20px;
    font-weight: var(--ha-font-weight-medium, 500);
    color: var(--sc-link);
    background: color-mix(in srgb, var(--primary-color) 12%, transparent);
    transition: background-color 120ms;
  }
  .action:hover:not(:disabled) {
    background: color-mix(in srgb, var(--primary-color) 20%, transparent);
  }
  .action:disabled {
    color: var(--secondary-text-color);
    background: color-mix(in srgb, var(--secondary-text-color) 10%, transparent);
  }
  a {
    color: var(--sc-link);
  }
  .sr {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
    }
  }
`;
