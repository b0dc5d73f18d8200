// Takes the pictures of the README from a running demo world: node screenshots.mjs HOME_ASSISTANT TANGLE FOLDER
import { join } from 'node:path';
import { openPage, signIn, startBrowser } from './browser.mjs';

const [home, tangle, folder] = process.argv.slice(2);
const LOGIN = { user: 'demo', password: 'demo' };
const PLACE = { locale: 'en-GB', timezoneId: 'UTC' };
const DASHBOARD = `${home}/sensor-chain`;

// Charts draw themselves with a short animation, of which nothing tells the end.
const ANIMATION = 3_000;

const DASHBOARDS = {
  'dashboard.png': { viewport: { width: 1380, height: 930 }, colorScheme: 'light' },
  'dashboard-dark.png': { viewport: { width: 1380, height: 930 }, colorScheme: 'dark' },
  'dashboard-phone.png': { viewport: { width: 412, height: 915 }, colorScheme: 'light' },
};

/** The readings of an entity, one of them verified. */
const READINGS = {
  'readings.png': { viewport: { width: 1000, height: 900 }, colorScheme: 'light' },
  'readings-phone.png': { viewport: { width: 412, height: 915 }, colorScheme: 'dark' },
};

const browser = await startBrowser();
try {
  const storageState = await signIn(browser, home, LOGIN);
  for (const [name, view] of Object.entries(DASHBOARDS)) {
    const context = await browser.newContext({ ...PLACE, ...view, storageState });
    const page = await openPage(context, DASHBOARD);
    await page.waitForTimeout(ANIMATION);
    // All of the readings, none of them still on its way.
    await page.locator('sensorchain-card .summary.confirmed').waitFor({ timeout: 60_000 });
    await page.screenshot({ path: join(folder, name) });
    await context.close();
  }
  for (const [name, view] of Object.entries(READINGS)) {
    const context = await browser.newContext({ ...PLACE, ...view, storageState });
    const page = await openPage(context, DASHBOARD);
    await page.locator('sensorchain-row', { hasText: 'Cold room Temperature' }).click();
    const dialog = page.locator('sensorchain-card').getByRole('dialog');
    const reading = dialog.locator('li', { has: page.locator('.glyph.confirmed') }).nth(1);
    await reading.getByRole('button', { name: 'Verify now' }).click();
    await dialog.locator('.result.on_trial').waitFor({ timeout: 60_000 });
    await page.waitForTimeout(ANIMATION);
    await page.screenshot({ path: join(folder, name) });
    await context.close();
  }
  const context = await browser.newContext({ ...PLACE, viewport: { width: 1280, height: 710 } });
  const page = await context.newPage();
  await page.goto(tangle);
  await page.screenshot({ path: join(folder, 'explorer.png') });
} finally {
  await browser.close();
}
