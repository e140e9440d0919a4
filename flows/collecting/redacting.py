"""What an error says, on one line and without any secret."""

from __future__ import annotations

from flows.channel_settings import SECRETS, secret
from flows.naming import shown

_LONGEST = 200


def plainly(error: BaseException, channel: str = "") -> str:
    """The error's text as one short line, the channel's secrets struck out; never empty."""
    text = str(error)
    for name in SECRETS:
        value = secret(channel, name) if channel else None
        if value:
            text = text.replace(value, "***")
    return shown(" ".join(text.split()))[:_LONGEST] or type(error).__name__
