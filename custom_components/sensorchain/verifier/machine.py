"""What is to be said of bundles, for machines: the object that --json prints.

Times are ISO 8601 in UTC; outcomes are "genuine", "not_genuine" and "undecided".
"""

from datetime import datetime
from typing import Any

from ..transparency.findings import Findings, Series
from ..transparency.note import encode_base64
from .anchors import AnchorFinding
from .examination import Comparison
from .verdict import Judgement, Outcome, Proof, Verdict, compared


def to_json(judgement: Judgement) -> dict[str, Any]:
    """Return what a machine is told."""
    comparison = judgement.comparison
    return {
        "outcome": _outcome(judgement.outcome),
        "exit_code": judgement.outcome.value,
        "offline": judgement.is_offline,
        "key_demanded": judgement.is_key_demanded,
        "bundles": [_bundle(verdict) for verdict in judgement.verdicts],
        "comparison": None if comparison is None else _comparison(comparison),
    }


def _bundle(verdict: Verdict) -> dict[str, Any]:
    """Return what is told of one bundle."""
    findings = verdict.examination.findings
    told: dict[str, Any] = {
        "file": verdict.examination.path,
        "outcome": _outcome(verdict.outcome),
        "reasons": [reason.text for reason in verdict.reasons],
        "codes": [reason.code for reason in verdict.reasons],
        "line": verdict.examination.line,
    }
    if findings is None or verdict.examination.problem:
        return told
    return (
        told
        | _found(findings)
        | {
            "on_trial": verdict.on_trial,
            "anchors": [_anchor(finding) for finding in verdict.anchors],
            "periods": [_period(proof) for proof in verdict.proofs],
        }
    )


def _found(findings: Findings) -> dict[str, Any]:
    """Return what a bundle shows by itself."""
    checkpoint = findings.checkpoint.checkpoint
    return {
        "caption": findings.caption.to_json(),
        "key_id": findings.key.key_id.hex(),
        "verifier_key": str(findings.key),
        "size": checkpoint.size,
        "root": encode_base64(checkpoint.root),
        "readings": findings.count,
        "missing": findings.missing,
        "entities": [_series(series) for series in findings.series.values()],
    }


def _series(series: Series) -> dict[str, Any]:
    """Return what a bundle has of one entity."""
    first, last = series.first, series.last
    return {
        "entity_id": series.entity_id,
        "name": series.name,
        "readings": series.count,
        "first_sequence": first and first.leaf.sequence,
        "last_sequence": last and last.leaf.sequence,
        "first_time": first and _time(first.leaf.reading.last_updated),
        "last_time": last and _time(last.leaf.reading.last_updated),
        "missing": series.missing,
        "gaps": [
            {
                "first_sequence": gap.first,
                "last_sequence": gap.last,
                "after": _time(gap.after),
                "before": _time(gap.before),
            }
            for gap in series.gaps
        ],
    }


def _anchor(finding: AnchorFinding) -> dict[str, Any]:
    """Return what is known of an anchor; `noted` is what its receipt says."""
    return {
        "size": finding.anchor.size,
        "kind": finding.anchor.record.kind,
        "name": finding.anchor.record.name,
        "transaction": finding.receipt.transaction,
        "standing": finding.standing.value,
        "existed_before": _time(finding.existed_before),
        "place": finding.place,
        "noted": _time(finding.receipt.confirmed_at),
        "problem": finding.problem,
        "asked": list(finding.asked),
        "asked_at_own_choice": finding.is_own_choice,
        "trial": finding.is_trial,
    }


def _period(proof: Proof) -> dict[str, Any]:
    """Return the readings between two anchors; `anchored_size` is None if nothing proves them."""
    anchor = proof.anchor
    return {
        "readings": proof.period.count,
        "earliest": _time(proof.period.earliest),
        "latest": _time(proof.period.latest),
        "anchored_size": anchor and anchor.anchor.size,
        "trial": proof.is_trial,
        "existed_before": anchor and _time(anchor.existed_before),
        "noted": anchor and _time(anchor.receipt.confirmed_at),
    }


def _comparison(comparison: Comparison) -> dict[str, Any]:
    """Return what is told of two bundles against each other."""
    return {
        "outcome": _outcome(compared(comparison)),
        "contradictions": [each.text for each in comparison.contradictions],
        "codes": [each.code for each in comparison.contradictions],
        "shared_readings": comparison.shared,
        "common_size": comparison.common,
        "smaller_size": comparison.overlap,
        "unproved_readings": comparison.unproved,
    }


def _outcome(outcome: Outcome) -> str:
    """Return the word for an outcome."""
    return outcome.name.lower()


def _time(time: datetime | None) -> str | None:
    """Return a time as text."""
    return None if time is None else time.isoformat()
