// Renders the project's icon for Home Assistant, with a transparent background: node icons.mjs REPOSITORY
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startBrowser } from './browser.mjs';

const [repository] = process.argv.slice(2);
const source = readFileSync(join(repository, 'docs/images/icon.svg'), 'utf8');
const brand = join(repository, 'custom_components/sensorchain/brand');

// https://developers.home-assistant.io/docs/creating_integration_file_structure: 256 pixels, and 512 as @2x.
const SIZES = { 'icon.png': 256, 'icon@2x.png': 512 };

const browser = await startBrowser();
try {
  for (const [name, size] of Object.entries(SIZES)) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    await page.setContent(`<style>body { margin: 0 } svg { display: block; width: 100vw; height: 100vh }</style>${source}`);
    await page.screenshot({ path: join(brand, name), omitBackground: true });
  }
} finally {
  await browser.close();
}
