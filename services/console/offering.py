"""What is shown of a second factor that is offered: its QR code, and the secret as text."""

from typing import Any

from fastapi import Request
from markupsafe import Markup, escape

from services import network
from services.console.visitors import language_of
from services.kernel.i18n import translator
from services.network import Member


def shown(member: Member, offered: str, request: Request, language: str = "") -> dict[str, Any]:
    """For the page of an offer: one made before, or a new one."""
    offer = network.factors.offer(member, offered)
    _ = translator(language or language_of(request)).gettext
    label = escape(_("QR code with the secret of the second factor"))
    drawn = offer.qr().replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)
    groups = [offer.secret[at : at + 4] for at in range(0, len(offer.secret), 4)]
    return {"offer": offer, "picture": Markup(drawn), "spaced": " ".join(groups)}  # noqa: S704 -- we drew it ourselves
