/**
 * Signed notes (C2SP signed-note v1.0.0) with Ed25519 keys.
 *
 * A signed note is a text, an empty line, and a line for each signature:
 *
 *     This is an example message.
 *
 *     — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
 */

import { checkUnicode, fromBase64, isAtMost, joined, same, toHex, toUtf8, type Bytes } from './bytes';
import { MalformedError, SignatureError } from './errors';
import { sha256 } from './sha2';
import { isSignature } from './signature';

/** Characters of a signed note: room for the 16 signatures that must be accepted. */
export const MAX_NOTE = 65536;

const ED25519 = 1;
const KEY_SIZE = 32;
const KEY_ID_SIZE = 4;
const SPACE = /[ \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const CONTROL = /[\0-\x1f]/;

/** The public half of a key: all that is needed to check what it signed. */
export class VerifierKey {
  private constructor(
    /** The C2SP vkey: name+key id+base64(01 ‖ public key). */
    readonly text: string,
    readonly name: string,
    readonly publicKey: Bytes,
    /** The four bytes that tell this key from others of its name. */
    readonly id: Bytes,
  ) {}

  /** Returns the key of a C2SP vkey; only its last part may contain a plus. */
  static parse(text: string): VerifierKey {
    const [, name, id, encoded] = /^([^+]*)\+([^+]*)\+([^]*)$/.exec(text) ?? [];
    if (name === undefined || id === undefined || encoded === undefined) throw new MalformedError('Not a verifier key');
    const material = fromBase64(encoded);
    if (material[0] !== ED25519) throw new MalformedError('Not an Ed25519 verifier key');
    checkName(name);
    if (material.length !== 1 + KEY_SIZE) throw new MalformedError('A public key that is not 32 bytes long');
    const keyId = sha256(joined(toUtf8(`${name}\n`), material)).slice(0, KEY_ID_SIZE);
    if (toHex(keyId) !== id) throw new MalformedError('The key id is not that of the verifier key');
    return new VerifierKey(text, name, material.slice(1), keyId);
  }
}

/** Returns the text of a signed note, once the signature of `key` is verified; signatures of other keys are ignored. */
export async function openNote(note: string, key: VerifierKey): Promise<string> {
  const [text, signatures] = split(note);
  const [ours, second] = signatures.filter(
    ([name, value]) => name === key.name && same(value.subarray(0, KEY_ID_SIZE), key.id),
  );
  if (!ours) throw new SignatureError(`Not signed by ${key.name}`);
  if (second) throw new MalformedError(`Signed more than once by ${key.name}`);
  const isOurs = await isSignature(key.publicKey, toUtf8(text), ours[1].slice(KEY_ID_SIZE));
  if (!isOurs) throw new SignatureError(`Not signed by ${key.name}`);
  return text;
}

/** Returns the text of a note and its signatures, as key name and key id ‖ signature. */
function split(note: string): [string, [string, Bytes][]] {
  if (!isAtMost(note, MAX_NOTE)) throw new MalformedError('A note that is too long');
  const gap = note.lastIndexOf('\n\n');
  if (gap < 0 || !note.slice(gap + 2).endsWith('\n')) throw new MalformedError('Not a signed note');
  const text = note.slice(0, gap + 1);
  checkCharacters(text.replaceAll('\n', ''));
  const lines = note.slice(gap + 2, -1).split('\n');
  return [text, lines.map(signature)];
}

/** Returns the key name and the key id ‖ signature of a signature line. */
function signature(line: string): [string, Bytes] {
  const [, name, encoded] = /^— ([^ ]*) ([^]*)$/.exec(line) ?? [];
  if (name === undefined || encoded === undefined) throw new MalformedError('Not a signature line');
  checkName(name);
  const value = fromBase64(encoded);
  if (value.length <= KEY_ID_SIZE) throw new MalformedError('A signature that is too short');
  return [name, value];
}

/** Refuses a key name that is empty or has a space or plus in it. */
function checkName(name: string): void {
  checkCharacters(name);
  if (!name || name.includes('+') || SPACE.test(name)) throw new MalformedError('Not a key name');
}

/** Refuses control characters and halves of surrogate pairs. */
function checkCharacters(text: string): void {
  if (CONTROL.test(text)) throw new MalformedError('A control character in a note');
  checkUnicode(text);
}
