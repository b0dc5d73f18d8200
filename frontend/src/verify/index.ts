/** The verification of proof bundles and of single readings, as in transparency/ and verifier/, in a browser. */

export * from './bytes';
export * from './errors';
export { Sha256, sha256, sha512 } from './sha2';
export { isEd25519Signature } from './ed25519';
export { isSignature } from './signature';
export { canonicalJson, isObject, parseCanonical, type JsonObject, type JsonValue } from './jcs';
export { leafHash, nodeHash, verifyConsistency, verifyInclusion } from './merkle';
export { openNote, VerifierKey } from './note';
export { openCheckpoint, parseDecimal, type Checkpoint } from './checkpoint';
export { leafToText, parseLeaf, parseTime, toMilliseconds, type Leaf } from './reading';
export { parseProof, verifyProof, verifyReading, type InclusionProof, type ReadingCheck, type Step } from './proof';
export { BundleReader, type Anchor, type Caption, type ProvenReading } from './bundle';
export { Findings, Period, Series, type Gap } from './findings';
export { type Receipt } from './receipt';
export { examine, examineTwo, type Examination, type Options, type Problem } from './examination';
export { Comparison, type Contradiction } from './comparison';
export { compared, decide, judge, onTrial, unchecked } from './verdict';
export { type AnchorFinding, type Outcome, type Proof, type Reason, type Standing, type Verdict } from './verdict';
export { BITCOIN, isTrial } from './trial';
export { toJson } from './machine';
export { type Source } from './lines';
