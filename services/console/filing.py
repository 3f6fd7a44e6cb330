"""What pages say of attached files, in the reader's language."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from services.kernel.errors import Problem
from services.kernel.i18n import translator


@dataclass(frozen=True, slots=True)
class FileWords:
    """The words of one language: kinds of files, what keeps one from others, what a copy is without."""

    kinds: Mapping[str, str]
    why: Mapping[str, str]
    left: Mapping[str, str]
    refusals: Mapping[str, str]
    personal: Mapping[str, str]
    bytes: Callable[[int], str]

    def size(self, count: int) -> str:
        """How large a file is."""
        return self.bytes(count)

    def left_out(self, codes: Sequence[str]) -> str:
        """What a copy is without, as one phrase."""
        return ", ".join(self.left[code] for code in codes if code in self.left)

    def refused(self, problem: Problem) -> str:
        """Why a file is not taken, beside its field."""
        return self.refusals.get(problem.slug, problem.detail)


def file_words(language: str) -> FileWords:
    """The words of a language."""
    _ = translator(language).gettext
    return FileWords(
        kinds={
            "docx": _("Word document"),
            "pdf": "PDF",
            "png": _("picture (PNG)"),
            "jpeg": _("picture (JPEG)"),
            "text": _("plain text"),
        },
        why={
            "scanner-found": _("The malware scanner found something in it: remove it."),
            "scanner-silent": _("The malware scanner does not answer; it is asked again every few minutes."),
            "slow": _("It takes long to copy; it is tried again."),
            "unread": _("No copy of it could be made: save it anew, or as another kind."),
            "personal": _("Personal data was found in its words: look at them and decide."),
            "form": _("It is a form that is filled in: print it into a new PDF."),
            "layers": _("It has layers that can be hidden: print it into a new PDF."),
            "portfolio": _("It is a collection of files: attach them one by one."),
            "pictures": _("It holds pictures whose own notes cannot be taken out: print it into a new PDF."),
            "foreign-parts": _("Parts of it are other documents: save it without them."),
        },
        left={
            "metadata": _("author, title and other notes of the file"),
            "comments": _("comments"),
            "changes": _("tracked changes, which are accepted"),
            "hidden-text": _("hidden text"),
            "embedded": _("files and objects inside it"),
            "macros": _("macros"),
            "links": _("links"),
            "fields": _("fields, whose last values stay"),
            "custom-data": _("data of other programs"),
            "drawings": _("drawings and text boxes"),
            "pictures": _("pictures of other kinds than PNG and JPEG"),
            "annotations": _("notes and links on its pages"),
            "scripts": _("scripts"),
            "bookmarks": _("bookmarks"),
            "structure": _("its structure for screen readers"),
            "frames": _("all frames but the first"),
        },
        refusals={
            "kind-not-accepted": _(
                "This kind of file is not taken, whatever its name says. Save it as DOCX, PDF, PNG, JPEG or UTF-8 text."
            ),
            "file-unreadable": _("The file is damaged or encrypted. Take its password away, or save it anew."),
            "unpacks-too-large": _(
                "Opened, the file takes too much: too many parts, pages or points. Send it in parts."
            ),
            "file-too-large": _("The file is too large. Send it in parts."),
            "bad-file-name": _("The name of the file holds characters that no name may hold. Rename it."),
            "no-file": _("Choose a file that is not empty."),
            "too-many-files": _("The report has as many files as it may have. Remove one first."),
            "no-room-left": _("The files of your organisation have no room left. Remove some first."),
        },
        personal={
            "email": _("e-mail address"),
            "iban": _("bank account"),
            "card": _("payment card"),
            "national_number": _("national number of a person"),
            "passport": _("passport"),
            "phone": _("telephone number"),
        },
        bytes=lambda count: _("%(count)s kB") % {"count": max(1, round(count / 1000))},
    )
