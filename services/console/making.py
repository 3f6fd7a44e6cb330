"""A form that is being made, as YAML: what is wrong with it, each with its line, in the reader's language."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import yaml

from services.console.mending import said_of
from services.kernel.errors import Problem
from services.kernel.i18n import translator

_LINE = re.compile(r"Line (\d+): (.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing to mend: on which line (none where it is about the whole), in which part, and what to do."""

    line: int | None
    part: str
    text: str
    excerpt: str = ""


def wrong(problem: Problem, body: str, language: str) -> list[Wrong]:
    """What a refusal says of a form, line by line."""
    _ = translator(language).gettext
    lines = body.splitlines()
    found: Iterable[tuple[int | None, str, str]]
    if errors := problem.extra.get("errors"):
        node = composed(body)
        found = [(line_of(node, one["field"]), one["field"], _rule(one["rule"], _)) for one in errors]
    elif problem.slug == "rewritten-meanwhile":
        found = [(None, "", _("Somebody wrote the draft anew since you opened it: look at theirs, then keep yours."))]
    elif problem.slug == "in-force-already":
        found = [(None, "", _("Nothing in it differs from the version in force: change something, then keep it."))]
    elif told := _LINE.fullmatch(problem.detail):
        found = [(int(told[1]), "", _("This is not readable as YAML: %(why)s") % {"why": told[2]})]
    else:
        found = [(None, "", _("This is not readable as YAML: %(why)s") % {"why": problem.detail})]
    return [
        Wrong(line, part, text, lines[line - 1].strip()[:120] if line and line <= len(lines) else "")
        for line, part, text in found
    ]


def composed(body: str) -> yaml.Node | None:
    """The parts of a form with their places; None of what is no YAML. It is read once, whatever number of faults."""
    try:
        node: yaml.Node | None = yaml.compose(body, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return None
    return node


def line_of(node: yaml.Node | None, part: str) -> int | None:
    """The line on which a part of a form stands, such as questions.3.text; of what is missing, the line of what it is
    missing from."""
    line = None
    for step in filter(None, part.split(".")):
        if isinstance(node, yaml.MappingNode):
            pair = next(((key, value) for key, value in node.value if key.value == step), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and step.isdigit() and int(step) < len(node.value):
            node = node.value[int(step)]
            line = node.start_mark.line + 1
        else:
            break
    return line


def _rule(rule: str, _: Callable[[str], str]) -> str:
    """A rule of forms in words; those of single values as elsewhere."""
    rules = {
        r"is missing in (?P<what>.+)": _("It is missing in: %(what)s."),
        r"(?P<what>.+) is not a language of the pack": _("%(what)s is not a language of the network."),
        r"only a count, a yes or no.*": _("Only a count, a yes or no, or 0-4 can feed an indicator."),
        r"(?P<what>.+) is not an indicator of the pack.*": _("%(what)s is not an indicator that counts reports."),
        r"(?P<what>.+) does not say in the pack.*": _(
            "%(what)s does not say what an answer on this scale is worth: feed another indicator."
        ),
        r"a choice has two or more.*": _("A choice has two or more choices, and nothing else has any."),
        r"two choices have one code": _("Two choices have one code."),
        r"only a count has a unit.*": _("Only a count has a unit or decimals."),
        r"(?P<what>.+) is not a field that a form.*": _(
            "%(what)s is not a field that a form may require or leave out."
        ),
        r"two questions have one code": _("Two questions have one code."),
        r"(?P<what>.+) asks about .*": _("%(what)s asks about a subject that no form may ask about: take it out."),
        r"is not the code of the address": _("This is another code than that of the form."),
        r"is not that of the form's earlier versions.*": _(
            "The kind is not that of the form's earlier versions: choose another code."
        ),
        r"names what the pack does not have": _("The network has nothing of this name."),
        r"holds no text in (?P<what>\w+), in which it has terms": _("Write a text in this language too: %(what)s."),
        r"is not a theme of the pack": _("This is no theme of the network."),
        r"is not tagged": _("This text should be tagged with the theme, and is not."),
        r"is tagged": _("This text should not be tagged with the theme, and is."),
        r"are more than \d+ with.*": _("These are too many terms."),
        r"hold more than \d+ characters": _("The examples are too long together: keep the short ones."),
        r"are missing: nothing would be tagged": _("Terms are missing: nothing would be tagged."),
        r"is one of more than \d+ terms.*": _("Too many terms begin alike."),
        r"holds a character that nobody sees": _("This term holds a character that nobody sees: type it anew."),
        r"has more than \d+ words": _("This term has too many words."),
        r"has an ending that is no number.*|has a star that.*|begins or ends with a gap|is no term:.*": _(
            "This is no term: write words, a star or /number at the end of a word, and .. only between words."
        ),
        r"tells of .*": _("This tells of a subject that no definition may tell of: take it out."),
        r"lies not ahead.*": _("This day is past: set the day by which it is looked at again."),
    }
    for pattern, text in rules.items():
        if told := re.fullmatch(pattern, rule, re.DOTALL):
            return text % told.groupdict() if told.groupdict() else text
    return said_of(rule, _)


BLANK = """\
code: my-form
kind: incident
title: {en: , ru: }
help: {en: , ru: }
purpose: {en: , ru: }
cannot_tell: {en: , ru: }
harm: {en: , ru: }
review_on: ""
period: none
core: {place: required}
questions:
- code: first
  text: {en: , ru: }
  scale: yes_no
"""
