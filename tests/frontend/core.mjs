// Runs the verification of the frontend for the Python tests: node core.mjs CORE [plain]
//
// Each line on standard input is a question in JSON, each line on standard output its answer. With `plain` there is no
// WebCrypto, as on pages of plain http.
import { openAsBlob } from 'node:fs';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [path, mode] = process.argv.slice(2);
if (mode === 'plain') Object.defineProperty(globalThis, 'crypto', { value: undefined });
const core = await import(pathToFileURL(path));

const bytes = (text) => new Uint8Array(Buffer.from(text, 'hex'));
const hex = (data) => Buffer.from(data).toString('hex');

const ANSWERS = {
  bundles: async ({ files, key = null }) => {
    const blobs = await Promise.all(files.map((file) => openAsBlob(file)));
    const [one, two, comparison = null] =
      blobs.length > 1 ? await core.examineTwo(blobs) : [await core.examine(blobs[0])];
    const examined = two ? [one, two] : [one];
    const verdicts = examined.map((each) => core.decide(each, core.unchecked(each), { key, isOffline: true }));
    return core.toJson(verdicts, comparison);
  },
  canonical: ({ data }) => core.canonicalJson(core.parseCanonical(bytes(data))),
  trial: ({ kind, settings }) => core.isTrial(kind, settings),
  consistency: ({ old, new: size, old_root, new_root, proof }) =>
    core.verifyConsistency(old, size, bytes(old_root), bytes(new_root), proof.map(bytes)) ?? null,
  leaf: ({ data }) => ({ leaf: core.parseLeaf(bytes(data)), hash: hex(core.leafHash(bytes(data))) }),
  open: async ({ note, key }) => (await core.openCheckpoint(note, core.VerifierKey.parse(key))).size,
  reading: ({ leaf, proof, key }) => core.verifyReading({ leaf, proof, verifierKey: key }),
  sha: ({ data }) => [hex(core.sha256(bytes(data))), hex(core.sha512(bytes(data)))],
  pieces: ({ pieces }) => hex(pieces.reduce((hash, piece) => hash.update(bytes(piece)), new core.Sha256()).digest()),
  signature: async ({ key, message, signature }) => {
    const given = [key, message, signature].map(bytes);
    return [core.isEd25519Signature(...given), await core.isSignature(...given)];
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { ask, ...question } = JSON.parse(line);
  let answer;
  try {
    answer = { is: await ANSWERS[ask](question) };
  } catch (error) {
    answer = { error: error.code ?? String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
