// Drives @iota/core, unmodified: `node iota_core.mjs publish|read URL …`, with one line of JSON as the answer; what the
// commands do is told in pyota.py. NODE_MODULES names the folder that `scripts/setup node` has made.
import { createRequire } from "node:module";

const require = createRequire(`${process.env.NODE_MODULES}/`);
const { composeAPI } = require("@iota/core");
const { asciiToTrytes, trytesToAscii } = require("@iota/converter");

const SEED = "9".repeat(81);

const publish = async (url, address, tag, text, magnitude) => {
  const api = composeAPI({ provider: url });
  const trytes = await api.prepareTransfers(SEED, [{ address, value: 0, tag, message: asciiToTrytes(text) }]);
  const bundle = await api.sendTrytes(trytes, 3, Number(magnitude));
  return { bundle: bundle[0].bundle, hashes: bundle.map((transaction) => transaction.hash) };
};

// The message fields, without the 9s that fill them up.
const message = (bundle) => {
  const trytes = bundle.map((transaction) => transaction.signatureMessageFragment).join("").replace(/9+$/, "");
  return trytesToAscii(trytes.length % 2 ? `${trytes}9` : trytes);
};

const read = async (url, address) => {
  const api = composeAPI({ provider: url });
  const transactions = await api.findTransactionObjects({ addresses: [address] });
  const tails = transactions.filter((each) => each.currentIndex === 0).map((each) => each.hash);
  const states = tails.length ? await api.getLatestInclusion(tails) : [];
  // getBundle fails when a bundle is not valid.
  const bundles = await Promise.all(tails.map((tail) => api.getBundle(tail)));
  return bundles.map((bundle, i) => ({
    tail: tails[i],
    transactions: bundle.length,
    message: message(bundle),
    confirmed: states[i],
  }));
};

const [command, ...rest] = process.argv.slice(2);
console.log(JSON.stringify(await { publish, read }[command](...rest)));
