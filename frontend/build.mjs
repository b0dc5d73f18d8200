// Builds what a browser loads: node build.mjs FOLDER [card|page|core]...
//
//   sensorchain-card.js   the card and its editor, for Home Assistant's dashboard
//   verify.html           the page that verifies proof bundles: one file, nothing else is loaded
//   core.mjs              the verification alone, for the tests; built only when it is named
//
// The same sources make the same bytes. Comments of licences are kept.
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

/** Takes the indentation out of the sources, and so out of the templates in them, which a minifier leaves as they are. */
const withoutIndentation = {
  name: 'without-indentation',
  setup({ onLoad }) {
    onLoad({ filter: /\/src\/card\/.*\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace(/\n\s+/g, '\n'),
      loader: 'ts',
    }));
  },
};

const OPTIONS = {
  bundle: true,
  charset: 'utf8',
  define: { 'process.env.NODE_ENV': '"production"' },
  format: 'esm',
  legalComments: 'inline',
  minify: true,
  plugins: [withoutIndentation],
  target: ['es2022'],
  write: false,
};

const BUILDERS = {
  card: async () => ({ 'sensorchain-card.js': await bundled('src/card/index.ts') }),
  page: async () => ({ 'verify.html': await page() }),
  core: async () => ({ 'core.mjs': await bundled('src/verify/index.ts') }),
};

/** Returns the text that a source file and all it imports become. */
async function bundled(entry) {
  const result = await build({ ...OPTIONS, entryPoints: [entry] });
  return result.outputFiles[0].text;
}

/** Returns the page with its script and style inside, and a policy that lets in nothing else. */
async function page() {
  const [template, style, script] = await Promise.all([
    readFile('src/page/verify.html', 'utf8'),
    bundled('src/page/page.css'),
    bundled('src/page/index.ts').then((text) => text.replaceAll('</script', '<\\/script')),
  ]);
  const parts = {
    policy: `default-src 'none'; script-src ${source(script)}; style-src ${source(style)}; connect-src http: https:; img-src data:; base-uri 'none'; form-action 'none'`,
    script,
    style,
  };
  return template.replace(/\{\{(\w+)\}\}/g, (_, name) => parts[name]);
}

/** Returns a text as a source of a content security policy. */
function source(text) {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

const [folder, ...chosen] = process.argv.slice(2);
await mkdir(folder, { recursive: true });
for (const name of chosen.length ? chosen : ['card', 'page']) {
  // What is wrong with the sources was told where it was found.
  const built = await BUILDERS[name]().catch(() => process.exit(1));
  for (const [file, text] of Object.entries(built)) await writeFile(join(folder, file), text);
}
