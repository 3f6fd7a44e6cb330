"""What the pages of the desk say about reasons, methods and decisions."""

from collections.abc import Callable, Collection, Mapping

from services import desk
from services.console.words import Words
from services.desk import Reason
from services.kernel.errors import Problem
from services.kernel.i18n import translator
from services.tagging import TaggedReport

Say = Callable[[str], str]
NAMED = 2  # tags that a reason names


def reasons(language: str) -> dict[Reason, str]:
    """Why a report needs a look."""
    _ = translator(language).gettext
    return {
        "untagged": _("It is not tagged yet."),
        "language": _("Its language is undetermined."),
        "unsure": _("A tag is of low confidence, and its sender did not give it."),
        "themes": _("The themes that its sender gave and those of its text differ."),
        "places": _("The place that its sender gave and those of its text differ."),
        "personal": _("Personal data was found in it, and its owner has not decided about it."),
        "alike": _("It may tell the same event as another report."),
    }


def because(language: str, unsure: Mapping[str, Collection[tuple[str, str]]]) -> Callable[[Reason, TaggedReport], str]:
    """Why a report needs a look, as `reasons` has it, with the tags of low confidence by name. `unsure`: which these
    are of each report, by reference."""
    w, said = Words(language), reasons(language)
    _ = translator(language).gettext

    def why(reason: Reason, report: TaggedReport) -> str:
        low = unsure.get(report.reference, ()) if reason == "unsure" else ()
        shown = [tag for tag in report.tags if (tag.scheme, tag.value) in low]
        named = list(dict.fromkeys(tag.name or w.tag(tag.scheme, tag.value) for tag in shown))
        if not named:
            return said[reason]
        tags = ", ".join(named[:NAMED])
        if len(named) > NAMED:
            tags = _("%(tags)s and others") % {"tags": tags}
        return _("Of low confidence, and not given by the sender: %(tags)s.") % {"tags": tags}

    return why


def states(language: str) -> dict[desk.State, str]:
    """The lists of the desk."""
    _ = translator(language).gettext
    return {
        "waiting": _("Needs a look"),
        "rest": _("Others"),
        "open": _("Not done with"),
        "done": _("Done with"),
        "all": _("All"),
    }


def short_reasons(language: str) -> dict[Reason, str]:
    """The same in brief, for filters and counts."""
    _ = translator(language).gettext
    return {
        "untagged": _("Not tagged yet"),
        "language": _("Language undetermined"),
        "unsure": _("Low confidence"),
        "themes": _("Themes differ"),
        "places": _("Places differ"),
        "personal": _("Personal data undecided"),
        "alike": _("May be the same event"),
    }


def methods(language: str) -> dict[str, str]:
    """By what a tag was come by."""
    _ = translator(language).gettext
    return {
        "lexicon": _("by words of the lexicon"),
        "gazetteer": _("by names of places"),
        "model": _("by a model"),
        "rule": _("by a rule"),
        "sender": _("given by the sender"),
        "analyst": _("said by an analyst"),
    }


def decisions(language: str) -> dict[str, str]:
    """What an analyst said of a tag or a pair."""
    _ = translator(language).gettext
    return {
        "confirmed": _("Confirmed"),
        "rejected": _("Rejected"),
        "added": _("Added"),
        "same": _("The same event"),
        "apart": _("Not the same event"),
        "undecided": _("Taken back"),
    }


def why_alike(language: str) -> dict[str, str]:
    """What speaks for one event."""
    _ = translator(language).gettext
    return {
        "place": _("place"),
        "country": _("country"),
        "days": _("days"),
        "themes": _("themes"),
        "actors": _("somebody on a list"),
        "figures": _("equal figures"),
        "language": _("another language"),
    }


def reason_of(decided: str, typed: str, language: str) -> str:
    """The reason that goes on record: as it was typed, else the one that the act itself says (docs/adr/0028)."""
    _ = translator(language).gettext
    said: Mapping[str, str] = {
        "confirmed": _("The words say so."),
        "rejected": _("The words do not say so."),
        "added": _("The report says so."),
        "same": _("Both were read side by side."),
        "apart": _("Both were read side by side."),
    }
    return typed.strip() or said.get(decided) or _("It is to be judged anew.")


def refused(problem: Problem, language: str) -> str:
    """Why an act was refused, in the reader's words."""
    _ = translator(language).gettext
    words = {
        "words": _("Title and text do not hold these words as they are shown here."),
        "value": _("There is no such theme, place or actor here, or it was not found in this report."),
        "decided": _("It was found already: confirm it."),
        "report": _(
            "There is no such report to join, or its status (actual, exercise, test) is not the same as this one's."
        ),
    }
    known = {
        "NoSuchReport": words["report"],
        "NotTagged": words["decided"]
        if problem.field == "decided"
        else _("It was not found in this report, or not yet."),
        "NotYoursToDecide": _("That is the secretariat's to decide: one of the two is not your organisation's own."),
        "RevisedMeanwhile": _("It was revised since you opened it: read it again."),
    }
    return known.get(type(problem).__name__) or words.get(problem.field, problem.detail)
