/** What ledgers answer, and how their servers are asked. */

import { isObject, type AnchorFinding, type JsonObject, type JsonValue } from '../../verify';

/** Where an anchor stands, in words, and since when at the latest: milliseconds since 1970, null where none can tell. */
export interface Place {
  readonly words: string;
  readonly time: number | null;
  /** Whether it turned out to be a trial network. */
  readonly isTrial?: boolean;
}

/** What the servers of a ledger say of an anchor; `lost` is one that it does not hold. */
export type Answer = { standing: 'confirmed'; place: Place } | { standing: 'pending' | 'lost' | 'unknown' };

/** Asks servers for an anchor; what they fail in is no answer. */
export type Asker = (finding: AnchorFinding, nodes: readonly string[]) => Promise<Answer>;

const PATIENCE = 15_000;
/** Characters of an answer: many times what any of these questions needs. */
const MOST_ANSWER = 2 ** 21;

/** Returns what the servers say that answer. */
export async function each<T>(nodes: readonly string[], ask: (node: string) => Promise<T>): Promise<T[]> {
  const asked = await Promise.allSettled(nodes.map(ask));
  return asked.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
}

/** Returns what a server answers to a JSON object that is posted to it. */
export async function posted(
  node: string,
  body: JsonObject,
  headers: Record<string, string> = {},
): Promise<JsonObject> {
  const [text] = await answered(node, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const answer = JSON.parse(text) as JsonValue;
  if (!isObject(answer)) throw new Error('Not an object');
  return answer;
}

/** Returns the text at a URL, null where there is none, if it has the form that it should have. */
export async function matching(url: string, pattern: RegExp): Promise<string | null> {
  const [text, status] = await answered(url, {}, [404]);
  if (status === 404) return null;
  if (!pattern.test(text.trim())) throw new Error('Another answer');
  return text.trim();
}

async function answered(url: string, init: RequestInit, accepted: readonly number[] = []): Promise<[string, number]> {
  const signal = AbortSignal.timeout(PATIENCE);
  const response = await fetch(url, { ...init, credentials: 'omit', referrerPolicy: 'no-referrer', signal });
  if (!response.ok && !accepted.includes(response.status)) throw new Error(`HTTP status ${response.status}`);
  return [await limited(response), response.status];
}

/** Returns the text of an answer, unless it is too long. */
async function limited(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  const reader = response.body?.getReader();
  let text = '';
  for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) {
    text += decoder.decode(piece.value, { stream: true });
    if (text.length > MOST_ANSWER) throw new Error('Too long an answer');
  }
  return text;
}

/** Returns the checkpoint in the text of an anchor. */
export function checkpointIn(text: string): JsonValue | undefined {
  try {
    const value = JSON.parse(text) as JsonValue;
    return isObject(value) ? value.checkpoint : undefined;
  } catch {
    return undefined;
  }
}
