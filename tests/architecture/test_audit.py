"""What the audit may hold is a closed set of names, wherever an entry is made; and no entry names a person by login."""

import ast

from services.kernel.audit import DETAILS
from tests.architecture.tree import modules, short, tree

MADE = {"record", "entry"}
SPREAD = {  # `**` of what is named elsewhere, each looked at by hand
    "services/kernel/audit.py", "services/network/groups.py", "services/network/organisations.py",
    "services/reports/submission.py", "services/reports/giving.py", "services/reports/keeping/ruling.py",
}  # fmt: skip


def calls() -> list[tuple[str, ast.Call]]:
    """Every place in which an entry is made."""
    found = []
    for path in modules("services", "workers"):
        for node in ast.walk(tree(path)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MADE):
                continue
            if isinstance(node.func.value, ast.Name) and node.func.value.id == "audit":
                found.append((f"{short(path)}:{node.lineno}", node))
    return found


def test_every_entry_holds_names_of_the_closed_set_only() -> None:
    strange = []
    for where, call in calls():
        for word in call.keywords:
            spread = word.arg is None and where.partition(":")[0] not in SPREAD
            if spread or (word.arg is not None and word.arg not in DETAILS):
                strange.append(f"{where} {word.arg}")
    assert len(calls()) > 20
    assert strange == []


def test_no_entry_is_about_a_sign_in_name() -> None:
    named = [where for where, call in calls() if any("login" in ast.dump(one) for one in [*call.args, *call.keywords])]
    assert named == []
