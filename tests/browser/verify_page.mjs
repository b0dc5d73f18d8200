// Uses the page that checks proof bundles as a person would: node verify_page.mjs PAGE FOLDER [PICTURES]
//
// FOLDER has the bundles of tests/frontend/test_page.py, PICTURES is where pictures go, if anywhere. The status is 0 when
// all of it was as it should be.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startBrowser } from './browser.mjs';

const [path, folder, pictures] = process.argv.slice(2);
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PLACE = { locale: 'en-GB', timezoneId: 'Europe/Berlin' };
const VIEWS = {
  light: { viewport: { width: 1180, height: 1000 }, colorScheme: 'light' },
  dark: { viewport: { width: 1180, height: 1000 }, colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: 'light', hasTouch: true, deviceScaleFactor: 2 },
};
/** A frame that takes longer is one in which a page seems to hang. */
const HANGING = 1_500;

const browser = await startBrowser();

/** Opens the page, and takes down what it asks of the network and what goes wrong in it. */
async function opened({ view = 'light', file = null, ...options } = {}) {
  const context = await browser.newContext({ ...PLACE, ...VIEWS[view], reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  const troubles = [];
  const requests = [];
  page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(String(pathToFileURL(path)));
  if (file) await choose(page, file);
  return { context, page, troubles, requests };
}

async function choose(page, file, input = page.locator('input[type=file]').first()) {
  await input.setInputFiles(join(folder, file));
  await page.locator('.outcome').waitFor({ timeout: 120_000 });
}

const heading = (page) => page.locator('h1').innerText();

/** Finds what people with disabilities could not use. */
async function assertAccessible(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
  assert.deepEqual(told, []);
}

async function picture(page, name) {
  if (pictures) await page.screenshot({ path: join(pictures, name) });
}

const CASES = {
  async 'nothing chosen yet'() {
    const { page, troubles } = await opened();
    assert.equal(await heading(page), 'Check a proof');
    await assertAccessible(page);
    assert.deepEqual(troubles, []);
  },

  async 'a genuine bundle, without the network'() {
    const { page, troubles, requests } = await opened({ file: 'good.json' });
    assert.equal(await heading(page), 'Genuine in itself');
    assert.equal(await page.locator('sensorchain-plot svg[role=slider]').count(), 3);
    assert.equal(await page.locator('sensorchain-readings tbody tr').count(), 20);
    assert.equal(await page.locator('.steps .ok').count(), 4);
    await assertAccessible(page);
    assert.deepEqual(troubles, []);
    assert.deepEqual(requests.slice(1), []);
  },

  async 'in the dark'() {
    const { page } = await opened({ view: 'dark', file: 'partial.json' });
    await assertAccessible(page);
    await picture(page, 'verify-page-dark.png');
  },

  async 'on a phone, and from right to left'() {
    const { page } = await opened({ view: 'phone', file: 'partial.json' });
    await picture(page, 'verify-page-phone.png');
    for (const direction of ['ltr', 'rtl']) {
      await page.evaluate((dir) => (document.documentElement.dir = dir), direction);
      const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(content <= screen, `${direction}: ${content} pixels on a screen of ${screen}`);
    }
    await assertAccessible(page);
  },

  async 'by keyboard'() {
    const { page } = await opened({ file: 'good.json' });
    assert.equal(await page.evaluate(() => document.activeElement.className), 'outcome genuine alone');
    await page.keyboard.press('Tab');
    const plot = page.locator('svg[role=slider]').first();
    assert.ok(await plot.evaluate((element) => element === document.activeElement));
    await page.keyboard.press('Home');
    assert.match(await plot.getAttribute('aria-valuetext'), /^20 Nov 2026, 07:00:0\d: \d\.\d\d °C$/);
    await page.keyboard.press('ArrowRight');
    assert.equal(await plot.getAttribute('aria-valuenow'), '1');
    assert.match(await page.locator('.readout').innerText(), /^20 Nov 2026/);
  },

  async 'in five languages'() {
    const { page } = await opened({ file: 'partial.json' });
    const headings = new Set();
    for (const language of ['en', 'de', 'fr', 'es', 'nl']) {
      await page.locator('header select').selectOption(language);
      headings.add(await heading(page));
      assert.equal(await page.evaluate(() => document.documentElement.lang), language);
      assert.doesNotMatch(await page.locator('main').innerText(), /[{}]|undefined|NaN/);
    }
    assert.equal(headings.size, 5);
    const { page: german } = await opened({ locale: 'de-AT' });
    assert.equal(await heading(german), 'Einen Beweis prüfen');
  },

  async 'readings that are missing'() {
    const { page } = await opened({ file: 'partial.json' });
    assert.equal(await page.locator('.gap').count(), 3);
    assert.match(await page.locator('figcaption .missing').first().innerText(), /^\d+ readings missing$/);
    await page.locator('.chooser select').selectOption('sensor.cold_room_temperature');
    for (let turn = 0; turn < 30 && !(await page.locator('tr.missing').count()); turn++) {
      await page.getByRole('button', { name: 'Later' }).click();
    }
    assert.match(await page.locator('tr.missing').innerText(), /^\d+ readings missing/);
  },

  async 'readings that are missing in secret'() {
    const { page } = await opened({ file: 'secretly-partial.json' });
    assert.equal(await heading(page), 'Not genuine');
    assert.match(await page.locator('.sentence').first().innerText(), /claims to be whole/);
    assert.equal(await page.locator('.gap').count(), 3);
  },

  async 'a bundle that was changed'() {
    const { page } = await opened({ file: 'tampered.json' });
    assert.equal(await heading(page), 'Not genuine');
    assert.match(await page.locator('.outcome').innerText(), /Line \d+ of the file/);
    assert.equal(await page.locator('.steps .bad').count(), 1);
    assert.equal(await page.locator('.steps .ok').count(), 0);
    assert.equal(await page.locator('sensorchain-plot').count(), 0);
    await assertAccessible(page);
    await picture(page, 'verify-page-tampered.png');
  },

  async 'a name that would show as another one'() {
    const { page } = await opened({ file: 'backwards.json' });
    assert.match(await page.locator('.outcome').innerText(), /\\u\{202e\}lanigiro/);
    assert.match(await page.locator('main').innerText(), /No ledger holds any of it/);
  },

  async 'a file that is dropped'() {
    const { page } = await opened();
    const text = readFileSync(join(folder, 'tampered.json'), 'utf8');
    await page.evaluate((data) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([data], 'any.json'));
      for (const name of ['dragover', 'drop']) {
        document.body.dispatchEvent(new DragEvent(name, { bubbles: true, cancelable: true, dataTransfer }));
      }
    }, text);
    await page.locator('.outcome').waitFor();
    assert.equal(await heading(page), 'Not genuine');
  },

  async 'a huge bundle, without hanging'() {
    const { page } = await opened();
    await page.evaluate(() => {
      globalThis.frames_ = [];
      const frame = (time) => globalThis.frames_.push(time) && requestAnimationFrame(frame);
      requestAnimationFrame(frame);
    });
    await choose(page, 'huge.json');
    const times = await page.evaluate(() => globalThis.frames_);
    const longest = Math.max(...times.slice(1).map((time, at) => time - times[at]));
    assert.ok(longest < HANGING, `nothing moved for ${longest} ms`);
    assert.equal(await heading(page), 'Genuine in itself');
    await page.getByRole('button', { name: 'Last' }).click();
    assert.match(await page.locator('.pager span').innerText(), /of 20,000$/);
    const path = await page.locator('path.line').first().getAttribute('d');
    assert.ok(path.length < 100_000, `a line of ${path.length} characters`);
  },

  async 'the key that somebody was given'() {
    const { page } = await opened({ file: 'good.json' });
    const key = await page.locator('.field code').innerText();
    const field = page.getByLabel('The key that you were given');
    await field.fill(key);
    assert.equal((await page.locator('.answer').innerText()).trim(), 'It is the same.');
    assert.equal(await heading(page), 'Genuine in itself');
    await field.fill('log.example/home+57fc3e9f+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4');
    assert.equal((await page.locator('.answer').innerText()).trim(), 'It is another one.');
    assert.equal(await heading(page), 'Not genuine');
    await field.fill('nonsense');
    assert.equal((await page.locator('.answer').innerText()).trim(), 'This is no verifier key.');
  },

  async 'two bundles of one log'() {
    const { page } = await opened({ file: 'good.json' });
    const second = page.locator('.after input[type=file]').nth(1);
    await second.setInputFiles(join(folder, 'partial.json'));
    await page.locator('.two.genuine').waitFor();
    await second.setInputFiles(join(folder, 'fork.json'));
    await page.locator('.two.not_genuine').waitFor();
    assert.match(await page.locator('.two').innerText(), /signed two histories/);
    await second.setInputFiles(join(folder, 'tampered.json'));
    await page.getByText('They were not compared').waitFor();
  },

  async 'the ledger, asked'() {
    const { page, requests } = await opened({ file: 'anchored.json' });
    assert.deepEqual(requests.slice(1), []);
    assert.match(await page.locator('.ledgers').innerText(), /trial network/);
    await page.getByRole('button', { name: 'Ask the ledger' }).click();
    await page.getByRole('heading', { name: 'Only on a trial network' }).waitFor();
    assert.match(await page.locator('.sentence').first().innerText(), /proves to nobody else since when/);
    assert.match(await page.locator('.ledgers').innerText(), /holds the log’s first 700 readings, since/);
    assert.match(await page.locator('main').innerText(), /taken at their word/);
    assert.match(await page.locator('main').innerText(), /can make all of it anew/);
    assert.equal(await page.locator('.steps .ok, .ledgers .ok').count(), 4);
    assert.equal(await page.getByRole('columnheader', { name: 'Existed before' }).count(), 0);
    assert.ok(requests.length > 1);
    await assertAccessible(page);
  },

  async 'a chain like that of Bitcoin, asked'() {
    const { page } = await opened({ file: 'bitcoin.json' });
    await page.getByRole('button', { name: 'Ask the ledger' }).click();
    await page.getByRole('heading', { name: 'Only on a trial network' }).waitFor();
    assert.match(await page.locator('.ledgers').innerText(), /block 1 of another chain than Bitcoin/);
    const { page: other } = await opened({ file: 'bitcoin-spoilt.json' });
    await other.getByRole('button', { name: 'Ask the ledger' }).click();
    await other.getByRole('heading', { name: 'Not genuine' }).waitFor();
  },

  async 'an EVM chain, asked'() {
    if (!existsSync(join(folder, 'evm.json'))) return console.log('there is no EVM chain');
    const { page } = await opened({ file: 'evm.json' });
    await page.getByRole('button', { name: 'Ask the ledger' }).click();
    await page.getByRole('heading', { name: 'Genuine', exact: true }).waitFor();
    assert.match(await page.locator('.sentence').first().innerText(), /existed no later than/);
    assert.match(await page.locator('.ledgers').innerText(), /holds the log’s first 700 readings, since .*block 1/s);
    assert.equal(await page.locator('.trial').count(), 0);
    await assertAccessible(page);
    await page.evaluate(() => scrollTo(0, 0));
    await picture(page, 'verify-page.png');
  },

  async 'IOTA, asked'() {
    for (const [file, title, place] of [
      ['iota', 'Genuine', /holds the log’s first 700 readings, since .*\(checkpoint \d+\)/s],
      ['iota-notarized', 'Genuine', /\(checkpoint \d+\)/],
      ['iota-forgotten', 'Only on a trial network', /\(record 0 of the trail 0x[0-9a-f]{64}\)/],
      ['iota-forgotten-notarized', 'Only on a trial network', /\(object 0x[0-9a-f]{64}\)/],
      ['iota-spoilt', 'Not genuine', /does not hold what the file says/],
      ['iota-moved', 'Not genuine', /does not hold what the file says/],
    ]) {
      const { context, page } = await opened({ file: `${file}.json` });
      await page.getByRole('button', { name: 'Ask the ledger' }).click();
      await page.getByRole('heading', { name: title, exact: true }).waitFor();
      assert.match(await page.locator('.ledgers').innerText(), place);
      assert.match(await page.locator('main').innerText(), /What was sent was checked here/);
      await context.close();
    }
  },

  async 'a ledger that knows nothing of it'() {
    const { page } = await opened({ file: 'refuted.json' });
    await page.getByRole('button', { name: 'Ask the ledger' }).click();
    await page.getByRole('heading', { name: 'Not genuine' }).waitFor();
    assert.match(await page.locator('.ledgers').innerText(), /does not hold what the file says/);
  },

  async 'a ledger that does not answer'() {
    const { page } = await opened({ file: 'good.json' });
    await page.getByRole('button', { name: 'Ask the ledger' }).click();
    await page.getByText('It could not be asked from this page').waitFor();
    assert.equal(await heading(page), 'Genuine in itself');
  },
};

let failed = 0;
for (const [name, run] of Object.entries(CASES)) {
  try {
    await run();
    console.log(`passed: ${name}`);
  } catch (error) {
    failed++;
    console.log(`FAILED: ${name}\n${error.stack}`);
  } finally {
    await Promise.all(browser.contexts().map((context) => context.close()));
  }
}
await browser.close();
process.exitCode = failed ? 1 : 0;
