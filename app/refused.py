"""Why something was not done, in the reader's language, by what the lines of dagster_project's errors hold.

Those lines are English; a reader of Chinese gets words of ours, and the line itself where none are known.
"""

from __future__ import annotations

from app.labels import Labels

SAID = (
    ("needs a reason", "reason"),
    ("--reason is empty", "reason"),
    ("assign needs a name", "assignee"),
    ("there is no such record in", "gone"),
    ("no address is written", "gone"),
    ("speaks of it already", "taken"),
    ("came with an old version", "old"),
    ("is no value of it", "no_value"),
    ("these are the rules in force; nothing to approve", "nothing_new"),
    ("somebody else has to approve it", "four_eyes"),
    ("not proposed or approved", "decided"),
    ("not proposed", "decided"),
    ("no such case waits", "settled"),
    ("no such record; name it", "no_record"),
    ("no such customer id", "no_customer"),
    ("no customers were linked", "no_customers"),
    ("has a suggestion of confidence", "none_sure"),
    ("vault key", "no_key"),
    ("LUYUE_VAULT_KEY", "no_key"),
    ("the province of ", "division"),
    ("the city of ", "division"),
    ("the district of ", "division"),
    ("(rule ", "breaks"),
    ("no division can be read", "breaks"),
    ("would be", "breaks"),
    ("nothing is published yet", "nothing_published"),
    (" already", "same"),
)
"""What a line holds → the words `refused.<code>`; of several the first counts."""


def words(problem: Exception, say: Labels) -> str:
    """One sentence."""
    told = str(problem)
    if say.lang == "en":
        return told
    code = next((code for part, code in SAID if part in told), None)
    if code is None:
        return told
    ours = say(f"refused.{code}", name=told.rsplit(" is ", 1)[-1])
    return f"{ours}（{told}）" if code == "breaks" else ours
