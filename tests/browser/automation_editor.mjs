// Takes pictures of the automation editor in a running demo world: node automation_editor.mjs HOME_ASSISTANT FOLDER
// First the lists of triggers and conditions, then an automation that has one of each.
import { join } from 'node:path';
import { signIn, startBrowser } from './browser.mjs';

const [home, folder] = process.argv.slice(2);
const LOGIN = { user: 'demo', password: 'demo' };
const PLACE = { locale: 'en-GB', timezoneId: 'UTC', viewport: { width: 1280, height: 1000 } };
const ANIMATION = 2_000;

const AUTOMATION = {
  alias: 'All of SensorChain',
  triggers: [
    { trigger: 'sensorchain.became_confirmed', target: { entity_id: 'sensor.climate_log_confirmation' } },
    { trigger: 'sensorchain.became_overdue', target: { entity_id: 'sensor.climate_log_confirmation' }, options: { for: { hours: 1 } } },
    { trigger: 'sensorchain.anchoring_failed', target: { entity_id: 'sensor.climate_log_confirmation' }, options: { behavior: 'each' } },
    { trigger: 'sensorchain.ledger_became_unreachable', target: { entity_id: 'binary_sensor.climate_log_tangle_connectivity' }, options: { behavior: 'each' } },
  ],
  conditions: [
    { condition: 'sensorchain.is_confirmed', target: { entity_id: 'sensor.climate_log_confirmation' }, options: { behavior: 'all' } },
    { condition: 'sensorchain.is_overdue', target: { entity_id: 'sensor.climate_log_confirmation' }, options: { behavior: 'any', for: { hours: 1 } } },
  ],
  actions: [{ action: 'sensorchain.anchor', target: { entity_id: 'sensor.cold_room_temperature' }, data: { at_once: true } }],
};

/** Has Home Assistant keep the automation, as the editor does. */
async function keep(page) {
  return page.evaluate(async (automation) => {
    const { hass } = document.querySelector('home-assistant');
    await hass.callApi('POST', 'config/automation/config/sensorchain_all', automation);
  }, AUTOMATION);
}

async function open(context, path) {
  const page = await context.newPage();
  page.on('console', (message) => message.type() === 'error' && console.error(`browser: ${message.text()}`));
  await page.goto(`${home}${path}`);
  await page.locator('#ha-launch-screen').waitFor({ state: 'detached' });
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(ANIMATION);
  return page;
}

/** Opens the dialog behind a button and has it show what it finds for a word. */
async function list(page, button, word, name) {
  await page.getByRole('button', { name: button }).first().click();
  await page.waitForTimeout(ANIMATION);
  await page.keyboard.type(word);
  await page.waitForTimeout(ANIMATION);
  await page.screenshot({ path: join(folder, name) });
  await page.keyboard.press('Escape');
  await page.waitForTimeout(ANIMATION);
}

/** Shows the triggers that a log as a target offers. */
async function offeredByLog(page) {
  await page.getByRole('button', { name: 'Add trigger' }).first().click();
  await page.waitForTimeout(ANIMATION);
  await page.keyboard.type('Climate log');
  await page.waitForTimeout(ANIMATION);
  await page.getByText('Climate log', { exact: true }).last().click();
  await page.waitForTimeout(ANIMATION);
  await page.screenshot({ path: join(folder, 'triggers-of-log.png') });
  await page.keyboard.press('Escape');
  await page.waitForTimeout(ANIMATION);
}

const browser = await startBrowser();
try {
  const storageState = await signIn(browser, home, LOGIN);
  const context = await browser.newContext({ ...PLACE, storageState });
  const fresh = await open(context, '/config/automation/edit/new');
  await list(fresh, 'Add trigger', 'confirm', 'triggers.png');
  await list(fresh, 'Add trigger', 'ledger', 'triggers-ledger.png');
  await list(fresh, 'Add condition', 'confirm', 'conditions.png');
  await list(fresh, 'Add action', 'SensorChain', 'actions.png');
  await offeredByLog(fresh);
  await keep(fresh);
  const page = await open(context, '/config/automation/edit/sensorchain_all');
  await page.screenshot({ path: join(folder, 'automation.png') });
  for (const [number, name] of ['trigger-confirmed.png', 'trigger-overdue.png', 'trigger-failed.png', 'trigger-unreachable.png'].entries()) {
    await page.locator('ha-automation-trigger-row').nth(number).click({ position: { x: 80, y: 24 } });
    await page.waitForTimeout(ANIMATION);
    await page.screenshot({ path: join(folder, name) });
  }
  for (const [number, name] of ['condition-confirmed.png', 'condition-overdue.png'].entries()) {
    await page.locator('ha-automation-condition-row').nth(number).click({ position: { x: 80, y: 24 } });
    await page.waitForTimeout(ANIMATION);
    await page.screenshot({ path: join(folder, name) });
  }
  await page.locator('ha-automation-action-row').first().click({ position: { x: 80, y: 24 } });
  await page.waitForTimeout(ANIMATION);
  await page.screenshot({ path: join(folder, 'action-anchor.png') });
  const developer = await open(context, '/developer-tools/action');
  await developer.screenshot({ path: join(folder, 'developer.png') });
} finally {
  await browser.close();
}
