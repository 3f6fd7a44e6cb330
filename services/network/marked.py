"""Shapes of a marking: who may see something, what readers may do with it, and from when."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, ValidationInfo, field_validator

from services.kernel.text import Text
from services.network.schemas import Called, Closed, Instant, Slug
from services.network.terms import Actions, Handling, Pap, Terms


def _white(value: object) -> object:
    """TLP 1's WHITE is read as CLEAR, and never emitted."""
    text = value.removeprefix("TLP:") if isinstance(value, str) else value
    return "CLEAR" if text == "WHITE" else text


TlpLabel = Annotated[Literal["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"], BeforeValidator(_white)]


def _once_each(value: list[str]) -> list[str]:
    """Recipients are a set: their order and repetition mean nothing."""
    return sorted(set(value))


Names = Annotated[list[Called], AfterValidator(_once_each)]
Groups = Annotated[list[Slug], AfterValidator(_once_each)]
Logins = Annotated[list[str], AfterValidator(_once_each)]


class SightIn(Closed):
    """Who may see it. There is no default: whoever shares says with whom."""

    tlp: TlpLabel = Field(description="TLP 2.0 label; WHITE is read as CLEAR.")
    attribution: Literal["named", "withheld", "chatham"] = Field(
        description="Who learns who the originator is: every reader; only a secretariat among the recipients; nobody."
    )
    organisations: Names = Field(
        default_factory=list, max_length=200, description="AMBER, AMBER+STRICT only: slugs, names or aliases."
    )
    groups: Groups = Field(default_factory=list, max_length=50, description="AMBER, AMBER+STRICT only.")
    persons: Logins = Field(default_factory=list, max_length=200, description="Sign-in names; RED only.")


class MarkingIn(SightIn):
    """Who may see it, what readers may do with it, and from when."""

    actions: Actions | None = Field(default=None, description="Permitted actions (IEP 2.0).")
    pap: Annotated[Pap, BeforeValidator(_white)] | None = Field(
        default=None, description="Permissible Actions Protocol."
    )
    handling: Handling | None = Field(default=None, description="Europol handling code; H3 needs a note.")
    handling_note: Text | None = Field(
        default=None, min_length=3, max_length=300, validate_default=True, description="Shown to every reader."
    )
    embargo_until: Instant | None = Field(
        default=None, description="Until then the originator alone sees it; of RED, the submitting person."
    )
    review_at: Instant | None = Field(default=None, description="When the marking is to be looked at again.")
    review_to: SightIn | None = Field(
        default=None, description="What it becomes then by itself; without it you are asked."
    )

    # One rule, one field: each is told at the field that settles it.
    @field_validator("handling")
    @classmethod
    def _not_of_what_is_open(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value == "H2" and info.data.get("tlp") == "CLEAR":
            raise ValueError("H2 (not without permission) contradicts TLP:CLEAR")
        return value

    @field_validator("handling_note")
    @classmethod
    def _with_its_code(cls, value: str | None, info: ValidationInfo) -> str | None:
        if "handling" in info.data and value is not None and info.data["handling"] is None:
            raise ValueError("a note belongs to a handling code: choose one")
        if value is None and info.data.get("handling") == "H3":
            raise ValueError("handling H3 says here what its restriction is")
        return value

    @field_validator("review_at")
    @classmethod
    def _after_the_embargo(cls, value: datetime | None, info: ValidationInfo) -> datetime | None:
        embargo = info.data.get("embargo_until")
        if value is not None and embargo is not None and value <= embargo:
            raise ValueError("lies before embargo_until ends")
        return value

    @field_validator("review_to")
    @classmethod
    def _at_its_time(cls, value: SightIn | None, info: ValidationInfo) -> SightIn | None:
        if value is not None and "review_at" in info.data and info.data["review_at"] is None:
            raise ValueError("needs review_at: say when")
        if value is not None and value.tlp == "CLEAR" and info.data.get("handling") == "H2":
            raise ValueError("H2 (not without permission) contradicts TLP:CLEAR")
        return value

    @property
    def terms(self) -> Terms:
        """What readers may do with it."""
        return Terms(self.actions, self.pap, self.handling, self.handling_note)


class TermsView(BaseModel):
    """What readers may do with what they read; null where the originator said nothing."""

    actions: str | None = None
    pap: str | None = None
    handling: str | None = None
    handling_note: str | None = None


class SightView(BaseModel):
    """Who may see something, by name."""

    tlp: str
    attribution: str
    organisations: list[str]
    groups: list[str]
    persons: list[str]


class MarkingView(SightView):
    """A marking as its owner sees it. Under embargo: as it will be when that ends."""

    embargo_until: datetime | None = None
    review_at: datetime | None = None
    review_to: SightView | None = None
