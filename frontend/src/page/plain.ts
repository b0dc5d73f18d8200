/** Texts of a bundle or a server, which anybody may have written, made fit to be shown. */

/** Characters of such a text that are shown. */
const MOST_SHOWN = 300;

/** What cannot be seen, and what changes the order of what can: with it 5.4 could be made to look like 4.5. */
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** Returns a text as it may be shown: nothing in it is hidden, or puts other letters in another order. */
export function plain(text: string): string {
  const shown = text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
  return shown.replace(HIDDEN, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}
