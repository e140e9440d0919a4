"""Loaded by every Python that the run starts: workers count and are hurt as the run itself is."""

import json
import os

if text := os.environ.get("MINZHENG_CRASH_PLAN"):
    from tests.crashing.effects import Plan
    from tests.crashing.wrapping import install

    install(Plan(**json.loads(text)))
