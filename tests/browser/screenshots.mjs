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
  'dashboard.png': { viewport: { width: 1380, height: 710 }, colorScheme: 'light' },
  'dashboard-dark.png': { viewport: { width: 1380, height: 710 }, colorScheme: 'dark' },
  'dashboard-phone.png': { viewport: { width: 412, height: 915 }, colorScheme: 'light' },
};

const browser = await startBrowser();
try {
  const storageState = await signIn(browser, home, LOGIN);
  for (const [name, view] of Object.entries(DASHBOARDS)) {
    const context = await browser.newContext({ ...PLACE, ...view, storageState });
    const page = await openPage(context, DASHBOARD);
    await page.waitForTimeout(ANIMATION);
    // All four readings, none of them still on its way.
    await page.getByText('Confirmed · ').nth(3).waitFor({ timeout: 60_000 });
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
