// Adds IOTA to the log of a running demo world, page by page, and takes pictures: node iota_form.mjs HOME_ASSISTANT FOLDER
import { join } from 'node:path';
import { signIn, startBrowser } from './browser.mjs';

const [home, folder] = process.argv.slice(2);
const LOGIN = { user: 'demo', password: 'demo' };
const PLACE = { locale: 'en-GB', timezoneId: 'UTC', viewport: { width: 1100, height: 1400 } };
const ANIMATION = 1_000;
const browser = await startBrowser();
try {
  const storageState = await signIn(browser, home, LOGIN);
  const context = await browser.newContext({ ...PLACE, storageState });
  const page = await context.newPage();
  await page.goto(`${home}/config/integrations/integration/sensorchain`);
  await page.getByRole('button', { name: 'Add ledger' }).click();
  const dialog = page.locator('dialog-data-entry-flow');
  await dialog.getByText('IOTA:').waitFor();
  await page.waitForTimeout(ANIMATION);
  await page.screenshot({ path: join(folder, 'menu.png') });
  await dialog.getByText('IOTA:').click();
  await dialog.getByText('An anchor is').first().waitFor();
  await page.waitForTimeout(ANIMATION);
  await page.screenshot({ path: join(folder, 'choice.png') });
  await dialog.getByText('Another network', {exact: true}).click();
  await dialog.getByText('Import the key').click();
  await page.waitForTimeout(ANIMATION);
  await page.screenshot({ path: join(folder, 'choice2.png') });
  await dialog.getByRole('button', { name: /Next|Submit/ }).click();
  await dialog.getByText('Package of notarizations').first().waitFor();
  await dialog.getByText('More', {exact: true}).click();
  await page.waitForTimeout(ANIMATION);
  await page.setViewportSize({width: 1100, height: 2600});
  await page.waitForTimeout(ANIMATION);
  await page.screenshot({ path: join(folder, 'network.png') });
  console.log(await dialog.getByRole('textbox').evaluateAll(es => es.map(e => e.getAttribute('aria-label') || e.name || e.id)));
} finally {
  await browser.close();
}
