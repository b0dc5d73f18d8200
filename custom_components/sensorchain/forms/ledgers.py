"""The forms of all kinds of ledgers, in the order in which they are proposed."""

from collections.abc import Mapping

from .evm import EVM_FORM
from .iota import IOTA_FORM
from .ledger import LedgerForm
from .opentimestamps import OPENTIMESTAMPS_FORM
from .tangle import TANGLE_FORM

LEDGER_FORMS: Mapping[str, LedgerForm] = {
    form.kind: form for form in (OPENTIMESTAMPS_FORM, IOTA_FORM, EVM_FORM, TANGLE_FORM)
}
