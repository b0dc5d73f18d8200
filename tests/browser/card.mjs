// Uses the cards as a person does, in a running demo world: node card.mjs HOME_ASSISTANT DASHBOARD FOLDER
//
// Adds the card from the picker and changes its options, watches a reading go from recorded to confirmed, verifies it,
// downloads its proof, anchors by the button; verifies without WebCrypto, and what was forged. Prints what it found as
// JSON, and leaves the downloaded bundle and pictures in FOLDER.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openPage, signIn, startBrowser } from './browser.mjs';

const [home, dashboard, folder] = process.argv.slice(2);
const LOGIN = { user: 'demo', password: 'demo' };
const PLACE = { locale: 'en-GB', timezoneId: 'UTC', viewport: { width: 1280, height: 900 } };
const PATIENCE = 60_000;
const TITLE = 'Evidence';

const said = [];
const elsewhere = new Set();

/** Opens the dashboard. */
async function open(context, path = '') {
  const page = await openPage(context, `${home}/${dashboard}${path}`);
  page.setDefaultTimeout(PATIENCE);
  return page;
}

/** Notes what goes wrong in the cards. */
function watchErrors(context) {
  context.on('weberror', (error) => said.push(String(error.error())));
  context.on('console', (message) => {
    if (message.type() === 'error' && message.location().url.includes('/sensorchain/')) said.push(message.text());
  });
}

/** Notes requests to anywhere but Home Assistant. */
function watchRequests(page) {
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith('http') && origin !== new URL(home).origin) elsewhere.add(origin);
  });
}

/** Adds the card from the picker, with options changed in its form. */
async function addFromPicker(context) {
  const page = await open(context, '?edit=1');
  await page.locator('hui-grid-section button.add').first().click();
  const picker = page.locator('hui-dialog-create-card');
  await picker.getByText('By card').click();
  await picker.locator('input:visible').first().fill('SensorChain readings');
  const offer = picker.locator('.card', { has: page.locator('sensorchain-card') });
  await offer.locator('sensorchain-row').first().waitFor();
  await page.screenshot({ path: join(folder, 'picker.png') });
  await offer.locator('.overlay').first().click();
  const editor = page.locator('hui-dialog-edit-card');
  const form = editor.locator('ha-form').first();
  await form.locator('input').first().fill(TITLE);
  await form.getByRole('switch').last().or(form.locator('ha-switch').last()).first().click();
  const preview = editor.locator('sensorchain-card');
  await preview.getByRole('heading', { name: TITLE }).waitFor();
  await preview.locator('.footer').waitFor({ state: 'detached' });
  await page.screenshot({ path: join(folder, 'editor.png') });
  await editor.getByRole('button', { name: 'Save' }).click();
  await editor.waitFor({ state: 'hidden' });
  await page.locator('hui-card sensorchain-card').getByRole('heading', { name: TITLE }).first().waitFor();
  await page.close();
}

/** Follows the statuses of a row until a reading that was not confirmed at first is. */
async function watchConfirmation(page) {
  const row = page.locator('sensorchain-row').first();
  await row.waitFor();
  return row.evaluate(
    (element) =>
      new Promise((resolve) => {
        const seen = [];
        const look = () => {
          const status = element.entity.status;
          if (seen.at(-1) !== status) seen.push(status);
          if (seen.length > 1 && status === 'confirmed') resolve(seen);
          else setTimeout(look, 50);
        };
        look();
      }),
  );
}

/** Opens the readings by keyboard, verifies a confirmed one, and downloads its proof; returns what was said. */
async function verify(page) {
  const row = page.locator('sensorchain-row').first();
  await row.getByRole('button').focus();
  await page.keyboard.press('Enter');
  const dialog = page.locator('sensorchain-card').first().getByRole('dialog');
  const reading = dialog.locator('li', { has: page.locator('.glyph.confirmed') }).first();
  await reading.getByRole('button', { name: 'Verify now' }).click();
  await dialog.locator('.result').waitFor();
  const steps = await dialog.locator('sensorchain-check li').evaluateAll((lines) => lines.map((line) => line.className));
  const result = (await dialog.locator('.result').innerText()).trim();
  await page.screenshot({ path: join(folder, 'verify.png') });
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.locator('li.open').getByRole('button', { name: 'Download proof' }).click(),
  ]);
  const bundle = join(folder, 'bundle.json');
  await download.saveAs(bundle);
  const { readings } = JSON.parse(await readFile(bundle, 'utf8'));
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  const isFocusBack = await row.evaluate((element) => Boolean(element.shadowRoot.activeElement));
  return { steps, result, bundle, readings: readings.length, name: download.suggestedFilename(), isFocusBack };
}

/** Opens the readings of the first row, and verifies a confirmed one; returns how it ended. */
async function outcomeOf(page) {
  await page.locator('sensorchain-row').first().click();
  const dialog = page.locator('sensorchain-card').first().getByRole('dialog');
  const reading = dialog.locator('li', { has: page.locator('.glyph.confirmed') }).first();
  await reading.getByRole('button', { name: 'Verify now' }).click();
  await dialog.locator('.result').waitFor();
  return dialog.locator('.result').evaluate((result) => result.className.replace('result ', ''));
}

/** Verifies where the browser has no WebCrypto, as on a page without HTTPS. */
async function verifyWithoutWebCrypto(context) {
  const page = await context.newPage();
  await page.addInitScript(() => Object.defineProperty(crypto, 'subtle', { value: undefined }));
  await page.goto(`${home}/${dashboard}`);
  page.setDefaultTimeout(PATIENCE);
  const outcome = await outcomeOf(page);
  await page.close();
  return outcome;
}

/** Verifies a reading whose leaf was changed on its way to the browser. */
async function verifyForged(page) {
  await page.locator('sensorchain-card').first().evaluate((card) => {
    const { connection } = card.hass;
    const send = connection.sendMessagePromise.bind(connection);
    connection.sendMessagePromise = async (message) => {
      const answer = await send(message);
      const leaf = answer?.leaf?.replace(/"sequence":(\d+)/, (_, sequence) => `"sequence":${Number(sequence) + 1}`);
      return leaf ? { ...answer, leaf } : answer;
    };
  });
  return outcomeOf(page);
}

/** Presses Anchor now as soon as there is something to anchor, and waits until that is confirmed. */
async function anchor(page) {
  const ledger = page.locator('sensorchain-ledger-card').getByRole('region', { name: /^Tangle/ });
  const button = ledger.getByRole('button');
  await button.and(page.locator(':enabled')).click();
  await ledger.getByText('Anchoring…').waitFor();
  await ledger.locator('.action', { hasText: 'Anchoring…' }).waitFor({ state: 'detached' });
  return button.innerText();
}

const browser = await startBrowser();
try {
  const storageState = await signIn(browser, home, LOGIN);
  const context = await browser.newContext({ ...PLACE, storageState, acceptDownloads: true });
  watchErrors(context);
  await addFromPicker(context);
  // The picker loads previews of Home Assistant's own from elsewhere: only the dashboard is watched.
  const page = await open(context);
  watchRequests(page);
  await page.reload();
  const statuses = await watchConfirmation(page);
  const verified = await verify(page);
  const anchored = await anchor(page);
  const plain = await verifyWithoutWebCrypto(context);
  const forged = await verifyForged(page);
  console.log(JSON.stringify({ statuses, ...verified, anchored, plain, forged, said, elsewhere: [...elsewhere] }));
} finally {
  await browser.close();
}
