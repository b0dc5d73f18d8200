/** What can go wrong between a reading and its proof, one class a cause, with the code that machines are told. */

/** Something does not hold; `line` is the line of a bundle, counted from 1, where there is one. */
export abstract class InvalidError extends Error {
  abstract readonly code: string;
  line: number | null = null;
}

/** The text or bytes are not in the one canonical form of their format. */
export class MalformedError extends InvalidError {
  readonly code: string = 'malformed';
}

/** A bundle of another version than the one that is known here. */
export class UnknownFormatError extends MalformedError {
  override readonly code = 'unknown_format';
}

/** A note is not signed by the key it should be signed by. */
export class SignatureError extends InvalidError {
  readonly code = 'signature';
}

/** A proof does not lead to the root it claims to lead to. */
export class ProofError extends InvalidError {
  readonly code = 'proof';
}
