"""Shapes of the change feed."""

from typing import Literal

from pydantic import BaseModel, Field

from services.attachments import AttachmentView
from services.reports import ReportView


class ChangeView(BaseModel):
    """One change of what this caller may see."""

    change: Literal["given", "withdrawn", "lost"] = Field(
        description="given: new to you or changed, put it in the place of what you have of it; withdrawn: "
        "its originator took it back; lost: you may no longer see it. Of the latter two, delete what you have."
    )
    reference: str
    report: ReportView | None = Field(description="As you may see it now; null where it is to be deleted.")
    attachments: list[AttachmentView] = Field(description="Its files, as you may have them now.")


class ChangePage(BaseModel):
    """Changes in the order in which to apply them."""

    changes: list[ChangeView]
    cursor: str = Field(description="To what comes after. Keep it once you have applied these changes.")
    more: bool = Field(description="Whether there is more now; if not, ask again later with the same cursor.")
