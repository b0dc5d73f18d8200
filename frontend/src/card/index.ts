/** SensorChain's cards for Home Assistant's dashboards: makes them known to the page that loads this. */

import { ReadingsCard } from './card';
import { ReadingCheck } from './check';
import { ReadingsDialog } from './dialog';
import type { CustomCard, Hass } from './hass';
import { LedgerCard } from './ledger-card';
import { Row } from './row';
import { text } from './texts';
import { Timeline } from './timeline';

const ELEMENTS = {
  'sensorchain-card': ReadingsCard,
  'sensorchain-ledger-card': LedgerCard,
  'sensorchain-row': Row,
  'sensorchain-timeline': Timeline,
  'sensorchain-dialog': ReadingsDialog,
  'sensorchain-check': ReadingCheck,
};

// An older version of this may have been loaded before: elements cannot be defined twice.
for (const [name, element] of Object.entries(ELEMENTS)) {
  if (!customElements.get(name)) customElements.define(name, element);
}

const documentationURL = 'https://github.com/sensorchain/sensorchain/blob/main/docs/card.md';
const language = document.documentElement.lang || navigator.language;
const cards: readonly CustomCard[] = [
  {
    type: 'sensorchain-card',
    name: text(language, 'card_name'),
    description: text(language, 'card_about'),
    preview: true,
    documentationURL,
    getEntitySuggestion: (hass, entityId) =>
      isRecorded(hass, entityId) ? { config: { type: 'custom:sensorchain-card', entities: [entityId] } } : null,
  },
  {
    type: 'sensorchain-ledger-card',
    name: text(language, 'ledger_name'),
    description: text(language, 'ledger_about'),
    preview: true,
    documentationURL,
  },
];
/** Tells whether there is a confirmation sensor for an entity. */
function isRecorded(hass: Hass, entityId: string): boolean {
  return Object.values(hass.states).some(
    ({ attributes }) => attributes['source'] === entityId && 'last_confirmed' in attributes,
  );
}

window.customCards ??= [];
for (const card of cards) {
  if (!window.customCards.some((each) => each.type === card.type)) window.customCards.push(card);
}
