"""A body is read as it stands: a name that is given twice is found wherever it stands, and no text is taken for one."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kernel.errors import Problem
from services.reports import NewReport, parse
from services.reports.reading import NotValid
from tests.world import report

TRICKY = ('he said "yes": no', '"a":', '\\":', '{"title": "x"}', "слово: «да»", '" :', "tail \\")
WHERE = ("", "marking", "source", "figures")


def written(body: dict[str, Any], again: str, where: str, gap: str) -> bytes:
    """A body as JSON, with one name of the object at `where` written a second time."""
    parts = []
    for name, value in body.items():
        text = json.dumps(value, ensure_ascii=False)
        if name == where and again:
            inner = ", ".join(
                f'"{one}"{gap}: {json.dumps(held)}' for one, held in [*value.items(), (again, value[again])]
            )
            text = f"{{{inner}}}"
        parts.append(f'"{name}"{gap}: {text}')
    if not where and again:
        parts.append(f'"{again}"{gap}: {json.dumps(body[again], ensure_ascii=False)}')
    return ("{" + ", ".join(parts) + "}").encode()


@given(
    title=st.sampled_from(TRICKY), text=st.sampled_from(TRICKY), where=st.sampled_from(WHERE), twice=st.booleans(),
    gap=st.sampled_from(("", " ", "\t\r\n ")), dice=st.randoms(),
)  # fmt: skip
def test_a_name_given_twice_is_refused_at_any_depth_and_a_text_that_looks_like_one_is_not(
    title: str, text: str, where: str, gap: str, dice: Any, *, twice: bool
) -> None:
    told = {"figures": {"killed": 1, "detained": 2}, "source": {"kind": "relayed", "name": text}}
    body = report(title=title, text=text, occurred_from="2020-01-01", occurred_to="2020-01-01", **told)
    again = dice.choice(sorted(body[where] if where else body)) if twice else ""
    raw = written(body, again, where, gap)
    if not twice:
        assert parse(NewReport, raw).title == title
        return
    with pytest.raises(NotValid) as refused:
        parse(NewReport, raw)
    assert isinstance(refused.value, Problem)
    assert refused.value.detail == f"{again}: is given twice."
