"""Where Prefect is, as far as the environment says: no import of Prefect, which takes seconds."""

from __future__ import annotations

import os

HOST = "127.0.0.1"
"""The pages can start runs and ask for no password, so only this machine may reach them."""
PORT = 4200


def prefect_configured() -> bool:
    """Whether runs are to be recorded in Prefect: where its API is named."""
    return bool(os.environ.get("PREFECT_API_URL"))


def server_port() -> int:
    """The port for a server of our own: Prefect's variable for it, else its usual one."""
    said = os.environ.get("PREFECT_SERVER_API_PORT", "")
    return int(said) if said.isdecimal() else PORT
