"""The tables of a Tangle, and the longer statements on them.

One SQLite file (WAL). What a question needs stands in an indexed column, so that an answer costs the same with ten
transactions and with a hundred thousand:

    transactions    one row each, numbered as they arrived. `trunk` and `branch` are the numbers of the two it approves.
      era           the newest milestone in its past cone. Milestones are chained, so it lies in the future cone of
                    milestone n exactly if era >= n.
      milestone     the milestone that confirmed it, NULL before. This is what getInclusionStates answers from.
      tip           1 for the tail of a complete bundle that no other complete bundle approves yet
    bodies          the 2673 trytes, compressed
    milestones      number, tail transaction, time
"""

# ruff: noqa: S608 (statements are put together from constants of this module alone)

from custom_components.sensorchain.ledgers.tangle.transaction import NULL_HASH

SCHEMA = """
CREATE TABLE IF NOT EXISTS transactions (
    id INTEGER PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    address TEXT NOT NULL,
    bundle TEXT NOT NULL,
    tag TEXT NOT NULL,
    obsolete_tag TEXT NOT NULL,
    current_index INTEGER NOT NULL,
    last_index INTEGER NOT NULL,
    trunk INTEGER NOT NULL REFERENCES transactions,
    branch INTEGER NOT NULL REFERENCES transactions,
    arrived INTEGER NOT NULL,
    era INTEGER NOT NULL,
    milestone INTEGER,
    tip INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS bodies (id INTEGER PRIMARY KEY REFERENCES transactions, trytes BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS milestones (
    number INTEGER PRIMARY KEY,
    tail INTEGER NOT NULL UNIQUE REFERENCES transactions,
    issued INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS by_address ON transactions (address);
CREATE INDEX IF NOT EXISTS by_bundle ON transactions (bundle);
CREATE INDEX IF NOT EXISTS by_tag ON transactions (tag);
CREATE INDEX IF NOT EXISTS by_obsolete_tag ON transactions (obsolete_tag);
CREATE INDEX IF NOT EXISTS by_trunk ON transactions (trunk);
CREATE INDEX IF NOT EXISTS by_branch ON transactions (branch);
CREATE INDEX IF NOT EXISTS tips ON transactions (era) WHERE tip = 1;
CREATE INDEX IF NOT EXISTS tails ON transactions (id) WHERE current_index = 0;
"""

# The transactions that no milestone has confirmed yet in the past cone of :start (itself included).
_PENDING_CONE = """
WITH RECURSIVE cone (id) AS (
    SELECT id FROM transactions WHERE id = :start AND milestone IS NULL
    UNION
    SELECT parent.id FROM cone
    JOIN transactions AS child ON child.id = cone.id
    JOIN transactions AS parent ON parent.id IN (child.trunk, child.branch)
    WHERE parent.milestone IS NULL
    LIMIT :limit
)
"""

CONFIRM = f"UPDATE transactions SET milestone = :number WHERE id IN ({_PENDING_CONE} SELECT id FROM cone)"

# How many are pending below :start, and the oldest milestone that they stand on.
FOOTING = f"""{_PENDING_CONE}
SELECT count(DISTINCT cone.id), min(parent.milestone) FROM cone
JOIN transactions AS child ON child.id = cone.id
JOIN transactions AS parent ON parent.id IN (child.trunk, child.branch)
"""

TIPS = "SELECT id, hash FROM transactions WHERE tip = 1 AND era >= :oldest"

# The tips in the future cone of :start.
TIPS_ABOVE = f"""
WITH RECURSIVE cone (id) AS (
    VALUES (:start)
    UNION
    SELECT child.id FROM cone JOIN transactions AS child ON child.trunk = cone.id OR child.branch = cone.id
)
{TIPS} AND id IN (SELECT id FROM cone)
"""

MILESTONES = """
SELECT number, hash, issued FROM milestones JOIN transactions ON transactions.id = tail ORDER BY number DESC LIMIT :count
"""

# One SQL condition for each field that findTransactions takes; the parameter is a JSON list.
_VALUES = "(SELECT value FROM json_each(?))"
_APPROVED = f"(SELECT id FROM transactions WHERE hash IN {_VALUES})"
CONDITIONS = {
    "addresses": f"address IN {_VALUES}",
    "bundles": f"bundle IN {_VALUES}",
    "tags": f"tag IN {_VALUES}",
    "obsolete_tags": f"obsolete_tag IN {_VALUES}",
    "approvees": f"""id IN (
        SELECT id FROM transactions WHERE trunk IN {_APPROVED} UNION SELECT id FROM transactions WHERE branch IN {_APPROVED}
    )""",
}


INSERT = """
INSERT INTO transactions (hash, address, bundle, tag, obsolete_tag, current_index, last_index, trunk, branch, arrived, era)
VALUES (:hash, :address, :bundle, :tag, :obsolete_tag, :current_index, :last_index, :trunk, :branch, :arrived, :era)
"""

INSERT_GENESIS = f"""
INSERT OR IGNORE INTO transactions VALUES (0, '{NULL_HASH}', '', '', '', '', 0, 0, 0, 0, 0, 0, 0, 1)
"""

ENTRY = "SELECT id, hash, address, bundle, tag, current_index, last_index, trunk, branch, arrived, era, milestone FROM transactions"
