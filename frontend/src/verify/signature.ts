/** Ed25519 signatures: by WebCrypto where it knows them, which is much faster, and in plain TypeScript where not. */

import type { Bytes } from './bytes';
import { isEd25519Signature } from './ed25519';

// Pages of plain http have no `subtle`, whatever the types say.
const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;

let known: Promise<boolean> | undefined;

/** Tells whether a signature of a message is that of a public key (32 bytes). */
export async function isSignature(publicKey: Bytes, message: Bytes, signature: Bytes): Promise<boolean> {
  known ??= isKnown();
  if (!subtle || !(await known)) return isEd25519Signature(publicKey, message, signature);
  try {
    const key = await subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify']);
    return await subtle.verify('Ed25519', key, signature, message);
  } catch {
    // These bytes are no public key.
    return false;
  }
}

/** Tells whether WebCrypto knows Ed25519; the key is that of RFC 8032 section 7.1, test 1. */
async function isKnown(): Promise<boolean> {
  const hex = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';
  const key = Uint8Array.from({ length: 32 }, (_, at) => parseInt(hex.slice(2 * at, 2 * at + 2), 16));
  try {
    return Boolean(await subtle?.importKey('raw', key, 'Ed25519', false, ['verify']));
  } catch {
    return false;
  }
}
