"""Whether a mail is from whom it says, as the receiving server found (RFC 8601)."""

from __future__ import annotations

import re
from email.message import Message
from typing import Any

from authres import AuthenticationResultsHeader

_HEADER = "Authentication-Results"
_LONGEST = 20_000
_SERVER = re.compile(
    r"\s*(?:\([^()]*\)\s*)*\"?([A-Za-z0-9._\-]+)\"?\s*(?:[0-9]+\s*)?(?:\([^()]*\)\s*)*;"
)
_ALIGNED = {"dmarc": ("from",), "dkim": ("d", "i"), "spf": ("mailfrom", "smtp.mailfrom")}
"""By method, the properties that name the domain for which it passed."""


def verified(message: Message, sender: str, authserv_id: str) -> bool:
    """Whether the receiving server says that the sender's domain sent the mail.

    Only the topmost header of that server counts: those below may have come with the mail,
    of which a server is to remove what bears its own name (RFC 8601, section 5).
    """
    for name, value in message.raw_items():
        if name.lower() == _HEADER.lower():
            whose = _server(str(value))
            # One that cannot be read is not passed over: the next may have come with the mail.
            if whose is None or whose == authserv_id.lower():
                found = _read(str(value))
                return found is not None and _passes(found, sender.rpartition("@")[2].lower())
    return False


def _server(value: str) -> str | None:
    """The server that wrote a header; None where that cannot be told."""
    if len(value) > _LONGEST:
        return None
    found = _SERVER.match(value)
    return found[1].lower() if found else None


def _read(value: str) -> AuthenticationResultsHeader | None:
    try:
        return AuthenticationResultsHeader.parse(f"{_HEADER}: {' '.join(value.split())}")
    except Exception:  # whatever a header does to its parser: it says nothing then
        return None


def _passes(found: AuthenticationResultsHeader, domain: str) -> bool:
    results = found.results or []
    for each in results:
        if each.method == "dmarc" and each.result != "none":  # it weighs the others
            return each.result == "pass" and domain in _domains(each)
    return any(
        each.result == "pass" and each.method in ("dkim", "spf") and domain in _domains(each)
        for each in results
    )


def _domains(result: Any) -> set[str]:
    """The domains that a result is about."""
    return {
        str(each.value).rpartition("@")[2].strip('"').lower()
        for each in result.properties
        if each.name in _ALIGNED[result.method] and each.value
    }
