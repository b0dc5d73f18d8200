// A real browser, signed in to a Home Assistant through its login form.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const PROGRAMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const PATIENCE = 60_000;

// Without a sandbox where it cannot have one: as root, in a container.
const AS_ROOT = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

/** Starts Chromium; says what to do where there is none. */
export async function startBrowser() {
  const program = [process.env.CHROMIUM, ...PROGRAMS].find((each) => each && existsSync(each));
  if (!program) {
    console.error('Chromium is missing. On Debian: apt install chromium. Elsewhere: set CHROMIUM to its path.');
    process.exit(1);
  }
  return chromium.launch({
    executablePath: program,
    args: [...AS_ROOT, '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--hide-scrollbars'],
  });
}

/** Signs in, and returns what further contexts need to be signed in too. */
export async function signIn(browser, url, { user, password }) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(url);
  await page.locator('input[name="username"]').fill(user, { timeout: PATIENCE });
  await page.locator('input[name="password"]').fill(password);
  await page.locator('input[name="password"]').press('Enter');
  await page.locator('ha-sidebar').waitFor({ timeout: PATIENCE });
  await page.evaluate(() => localStorage.setItem('dockedSidebar', '"auto"'));
  const state = await context.storageState();
  await context.close();
  return state;
}

/** Opens a page of Home Assistant and waits until its cards have come to rest. */
export async function openPage(context, url) {
  const page = await context.newPage();
  await page.goto(url);
  await page.locator('#ha-launch-screen').waitFor({ state: 'detached', timeout: PATIENCE });
  await page.locator('hui-card').first().waitFor({ timeout: PATIENCE });
  await page.waitForLoadState('networkidle');
  return page;
}
