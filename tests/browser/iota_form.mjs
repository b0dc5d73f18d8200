// Has the log of a running demo world anchored on a private IOTA network, page by page, as a person does, and takes pictures:
//   node iota_form.mjs HOME_ASSISTANT IOTA FOLDER
// The network runs beside the world (python -m demo.iota); the log must not be anchored on it yet.
import { join } from 'node:path';
import { openPage, signIn, startBrowser } from './browser.mjs';

const [home, iota, folder] = process.argv.slice(2);
const LOGIN = { user: 'demo', password: 'demo' };
const VIEW = { width: 1100, height: 1500 };
const PLACE = { locale: 'en-GB', timezoneId: 'UTC', viewport: VIEW };
const INTEGRATION = `${home}/config/integrations/integration/sensorchain`;
const PACKAGES = ['trails', 'trails_origin', 'components', 'notarization'];

// Dialogs open, and errors appear, with a short animation, of which nothing tells the end.
const ANIMATION = 1_000;
const PATIENCE = 60_000;

/** Takes a picture of what is shown, as long as it is. */
async function picture(page, name) {
  await page.setViewportSize({ ...VIEW, height: 2600 });
  await page.waitForTimeout(ANIMATION);
  await page.screenshot({ path: join(folder, `iota-${name}.png`) });
  await page.setViewportSize(VIEW);
}

/** Submits the page of a form, and waits for what is to be read then. */
async function submit(dialog, expected) {
  await dialog.getByRole('button', { name: /^(Submit|Finish)$/ }).click();
  await dialog.getByText(expected).first().waitFor({ timeout: PATIENCE });
}

/** Returns where the network has its packages, as its explorer tells. */
async function packagesOf(context) {
  const page = await context.newPage();
  await page.goto(iota);
  const told = await page.locator('body').innerText();
  await page.close();
  return Object.fromEntries(PACKAGES.map((name) => [name, new RegExp(`\\b${name}: (0x[0-9a-f]{64})`).exec(told)[1]]));
}

/** Fills in the second page. */
async function fillNetwork(dialog, packages) {
  await dialog.getByRole('button', { name: 'Add Node' }).click();
  await dialog.locator('ha-selector-text').first().getByRole('textbox').fill(`${iota}/graphql`);
  for (const [name, address] of Object.entries(packages)) {
    await dialog.locator(`input[name="${name}"]`).fill(address);
  }
  await dialog.getByText('More', { exact: true }).click();
  await dialog.locator('input[name="explorer"]').fill(`${iota}/txblock/{transaction}`);
  await dialog.locator('input[name="faucet"]').fill(iota);
}

/** Goes through the pages of a new ledger. */
async function add(page, packages) {
  await page.goto(INTEGRATION);
  await page.getByRole('button', { name: 'Add ledger' }).click();
  const dialog = page.locator('dialog-data-entry-flow');
  await dialog.getByText('IOTA:').waitFor();
  await picture(page, 'menu');
  await dialog.getByText('IOTA:').click();
  await dialog.getByText('Another network', { exact: true }).click();
  await picture(page, 'choice');
  await submit(dialog, 'Package of notarizations');
  await fillNetwork(dialog, packages);
  await dialog.locator('input[name="chain"]').fill('2304aa97');
  await submit(dialog, 'The packages of this network are known');
  await picture(page, 'network-refused');
  await dialog.locator('input[name="chain"]').fill('');
  await submit(dialog, 'Ask the faucet');
  await picture(page, 'account');
  await dialog.locator('ha-selector-boolean').click();
  await submit(dialog, 'The account has too little');
  await picture(page, 'account-empty');
  await dialog.locator('ha-selector-boolean').click();
  await submit(dialog, 'Success');
  await picture(page, 'added');
  await dialog.getByRole('button', { name: 'Finish' }).click();
}

/** Looks at the pages of the ledger in use; changes nothing. */
async function look(page) {
  await page.goto(INTEGRATION);
  const entry = page.locator('ha-config-sub-entry-row', { hasText: 'IOTA' });
  await entry.getByRole('button').nth(1).click();
  const dialog = page.locator('dialog-data-entry-flow');
  await dialog.getByText('Anchor every').first().waitFor();
  await picture(page, 'in-use-cadence');
  await submit(dialog, 'Most that an anchor may cost');
  await picture(page, 'in-use-network');
  await submit(dialog, 'audit trail');
  await picture(page, 'in-use-account');
}

/** Waits until the ledger's card says that all is confirmed, and verifies a reading. */
async function confirm(context) {
  const page = await openPage(context, `${home}/sensor-chain`);
  const ledger = page.locator('sensorchain-ledger-card section', { hasText: 'IOTA' });
  await ledger.getByText('All is confirmed').waitFor({ timeout: PATIENCE });
  await picture(page, 'dashboard');
  await page.locator('sensorchain-row', { hasText: 'Cold room Temperature' }).click();
  const dialog = page.locator('sensorchain-card').getByRole('dialog');
  const reading = dialog.locator('li', { has: page.locator('.glyph.confirmed') }).nth(1);
  await reading.getByRole('button', { name: 'Verify now' }).click();
  await dialog.locator('.result').waitFor({ timeout: PATIENCE });
  await picture(page, 'verified');
}

const browser = await startBrowser();
try {
  const storageState = await signIn(browser, home, LOGIN);
  const context = await browser.newContext({ ...PLACE, storageState });
  const page = await context.newPage();
  page.on('console', (message) => message.type() === 'error' && console.error(`browser: ${message.text()}`));
  await add(page, await packagesOf(context));
  await look(page);
  await confirm(context);
} finally {
  await browser.close();
}
