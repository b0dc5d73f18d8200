/** What is to be said of bundles, for machines: what verifier/machine.py says, without its sentences. */

import { toBase64, toHex } from './bytes';
import type { ProvenReading } from './bundle';
import type { Comparison } from './comparison';
import type { Series } from './findings';
import { compared, judge, onTrial, type AnchorFinding, type Proof, type Verdict } from './verdict';

/** Returns what a machine is told. */
export function toJson(verdicts: readonly Verdict[], comparison: Comparison | null): object {
  return {
    outcome: judge(verdicts, comparison),
    bundles: verdicts.map(bundle),
    comparison: comparison && {
      outcome: compared(comparison),
      codes: comparison.contradictions.map((each) => each.code),
      shared_readings: comparison.shared,
      common_size: comparison.common,
      smaller_size: comparison.overlap,
      unproved_readings: comparison.unproved,
    },
  };
}

function bundle({ examination, outcome, reasons, anchors, proofs }: Verdict): object {
  const { findings, problem } = examination;
  const told = { outcome, codes: reasons.map((reason) => reason.code), line: problem?.line ?? null };
  if (!findings || problem) return told;
  const { caption } = findings;
  return {
    ...told,
    caption: { ...caption, entities: Object.fromEntries(caption.entities) },
    key_id: toHex(findings.key.id),
    verifier_key: findings.key.text,
    size: findings.checkpoint.size,
    root: toBase64(findings.checkpoint.root),
    readings: findings.count,
    missing: findings.missing,
    entities: Array.from(findings.series.values(), entity),
    on_trial: onTrial(proofs),
    anchors: anchors.map(anchor),
    periods: proofs.map(period),
  };
}

function entity(series: Series): object {
  return {
    entity_id: series.entityId,
    name: series.name,
    readings: series.count,
    first_sequence: series.first?.leaf.sequence ?? null,
    last_sequence: series.last?.leaf.sequence ?? null,
    first_time: timeOf(series.first),
    last_time: timeOf(series.last),
    missing: series.missing,
    gaps: series.gaps.map((gap) => ({
      first_sequence: gap.first,
      last_sequence: gap.last,
      after: isoTime(gap.after),
      before: isoTime(gap.before),
    })),
  };
}

function anchor(finding: AnchorFinding): object {
  return {
    size: finding.anchor.checkpoint.size,
    kind: finding.anchor.kind,
    name: finding.anchor.name,
    transaction: finding.receipt.transaction,
    standing: finding.standing,
    existed_before: isoTime(finding.existedBefore),
    place: finding.place,
    noted: isoTime(finding.receipt.confirmedAt),
    trial: finding.isTrial,
  };
}

function period({ period, anchor }: Proof): object {
  return {
    readings: period.count,
    earliest: isoTime(period.earliest),
    latest: isoTime(period.latest),
    anchored_size: anchor?.anchor.checkpoint.size ?? null,
    trial: anchor?.isTrial ?? false,
  };
}

function timeOf(reading: ProvenReading | null): string | null {
  return isoTime(reading?.leaf.last_updated ?? null);
}

/** Returns a time as Python writes it: microseconds only where there are any. */
function isoTime(time: string | null): string | null {
  return time && time.replace('.000000', '').replace('Z', '+00:00');
}
