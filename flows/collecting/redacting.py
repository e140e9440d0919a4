"""What an error says, on one line and without any secret."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import quote

from flows.channel_settings import SECRETS, secret
from flows.naming import shown

_LONGEST = 200


def plainly(error: BaseException, channel: str = "") -> str:
    """The error's text as one short line, the channel's secrets struck out; never empty."""
    text = str(error)
    for name in SECRETS:
        value = secret(channel, name) if channel else None
        if value:
            for form in (value, repr(value)[1:-1], quote(value, safe=""), _in_base64(text, value)):
                text = text.replace(form, "***") if form else text
    return shown(" ".join(text.split()))[:_LONGEST] or type(error).__name__


def _in_base64(text: str, value: str) -> str:
    """The word of the text that is the value in base64, as servers may repeat it; '' for none."""
    for word in re.findall(r"[A-Za-z0-9+/]{4,}={0,2}", text):
        try:
            if value.encode() in base64.b64decode(word, validate=True):
                return str(word)
        except (binascii.Error, ValueError):
            continue
    return ""
