"""Whether a mail is from whom it says, as the receiving server found (RFC 8601)."""

from __future__ import annotations

from email.message import Message

from authres import AuthenticationResultsHeader
from authres.core import AuthResError

_HEADER = "Authentication-Results"
_ALIGNED = {"dmarc": ("from",), "dkim": ("d", "i"), "spf": ("mailfrom", "smtp.mailfrom")}
"""By method, the properties that name the domain for which it passed."""


def verified(message: Message, sender: str, authserv_id: str) -> bool:
    """Whether the receiving server says that the sender's domain sent the mail.

    Only the topmost header of that server counts: those below may have come with the mail,
    of which a server is to remove what bears its own name (RFC 8601, section 5).
    """
    for name, value in message.raw_items():
        if name.lower() == _HEADER.lower():
            found = _read(str(value))
            if found is not None and found.authserv_id.lower() == authserv_id.lower():
                return _passes(found, sender.rpartition("@")[2].lower())
    return False


def _read(value: str) -> AuthenticationResultsHeader | None:
    try:
        return AuthenticationResultsHeader.parse(f"{_HEADER}: {' '.join(value.split())}")
    except (AuthResError, ValueError, IndexError, AttributeError, TypeError):
        return None


def _passes(found: AuthenticationResultsHeader, domain: str) -> bool:
    results = found.results or []
    for each in results:
        if each.method == "dmarc":  # it weighs the others
            return each.result == "pass" and domain in _domains(each)
    return any(
        each.result == "pass" and each.method in ("dkim", "spf") and domain in _domains(each)
        for each in results
    )


def _domains(result: object) -> set[str]:
    """The domains that a result is about."""
    method = result.method  # type: ignore[attr-defined]  # authres has no types
    return {
        str(each.value).rpartition("@")[2].strip('"').lower()
        for each in result.properties  # type: ignore[attr-defined]
        if each.name in _ALIGNED[method] and each.value
    }
