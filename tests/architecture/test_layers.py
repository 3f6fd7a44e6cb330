"""Slices are entered by their front door, commit nothing, queue nothing, and say what they are for."""

import ast

import pytest

from tests.architecture.tree import SERVICES, SLICES, imports, modules, short, tree

# The kernel has no front door: it is a floor, and its modules are imported by name.
DOORS = [name for name in SLICES if name != "kernel"]


def test_slices_are_entered_by_their_front_door_only():
    wrong = []
    for path in modules("services", "workers"):
        for line, name in imports(path):
            parts = name.split(".")
            inside = path.is_relative_to(SERVICES / parts[1]) if len(parts) > 1 and parts[0] == "services" else True
            if len(parts) > 2 and parts[1] in DOORS and not inside and "migrations" not in path.parts:
                wrong.append(f"{short(path)}:{line} imports {name}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", SLICES)
def test_a_front_door_says_what_may_be_used(name):
    door = tree(SERVICES / name / "__init__.py")
    exported = [
        node for node in door.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    ]
    assert exported or name == "kernel"


def test_every_module_opens_with_one_sentence():
    silent = [
        short(path) for path in modules("services", "workers", "tests", "deploy") if not ast.get_docstring(tree(path))
    ]
    assert not silent


def test_nobody_in_a_slice_commits_or_queues():
    wrong = []
    for path in modules("services"):
        if short(path) == "services/kernel/db.py" or "migrations" in path.parts:
            continue
        for node in ast.walk(tree(path)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if node.func.attr in {"commit", "delay", "apply_async", "send_task"}:
                wrong.append(f"{short(path)}:{node.lineno} calls .{node.func.attr}()")
    assert not wrong, "\n".join(wrong)


def test_no_python_file_outgrows_a_reader():
    most = 400
    long = {
        short(path): lines for path in modules("services", "workers") if (lines := path.read_text().count("\n")) > most
    }
    assert not long
