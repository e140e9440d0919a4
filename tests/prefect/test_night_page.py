"""The run's page as Markdown: what a file's name holds must stay text."""

from typing import Any

import pytest

from flows.reporting.night import night_markdown, plain

SUMMARY: dict[str, Any] = {
    "run": "20230406T020000-1",
    "kind": "nightly",
    "started_at": "2023-04-05T18:00:00Z",
    "received": 3,
    "accepted": 17,
    "held": 1,
    "revised": 0,
    "returned": 1,
    "sent": 2,
    "files_with_trouble": [],
    "held_forms": [],
    "passed_over": [],
    "noted": [],
    "missing": [],
}


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("石会镇 三月", "石会镇 三月"),
        ("<img src=x onerror=alert(1)>", r"&lt;img src\=x onerror\=alert\(1\)&gt;"),
        ("[点这里](http://x.cn)", r"\[点这里\]\(http\:\/\/x\.cn\)"),
        ("www.x.cn", r"www\.x\.cn"),
        ("a|b\\|c", r"a\|b\\\|c"),
        ("*粗* `码` {{ x }}", r"\*粗\* \`码\` \{\{ x \}\}"),
        ("一行\n# 二行\r\n", r"一行 \# 二行"),
        ("表\u202exslx.exe\u200b", r"表xslx\.exe"),
        ("&amp;", r"&amp;amp\;"),
        (None, ""),
        ("长" * 500, "长" * 199 + "…"),
    ],
)
def test_text_of_files_stays_text(said: str | None, shown: str) -> None:
    assert plain(said) == shown


def test_a_quiet_night() -> None:
    assert night_markdown(SUMMARY) == "\n\n".join(
        [
            "# Nightly run 20230406T020000\\-1",
            "Started 2023\\-04\\-05T18\\:00\\:00Z (UTC).",
            "| Files received | Forms accepted | Forms held | Values revised "
            "| Workbooks returned | Letters sent |\n"
            "| --- | --- | --- | --- | --- | --- |\n| 3 | 17 | 1 | 0 | 1 | 2 |",
            "## What could not be reached",
            "None.",
            "## What is to be known of what came",
            "None.",
            "## Files that could not be read or placed",
            "None.",
            "## Forms held",
            "None.",
            "## Who is missing",
            "None.\n",
        ]
    )


def test_trouble_is_listed_by_unit_and_file() -> None:
    trouble = {
        "files_with_trouble": [
            {"file_name": "<b>.xlsx", "state": "unreadable", "reason": "不是工作簿|x"}
        ],
        "held_forms": [
            {
                "unit_code": "500114106",
                "unit_name": "石会镇",
                "month": "2023-03",
                "form": "social_assistance",
                "findings": 2,
            }
        ],
        "passed_over": [],
        "missing": [
            {
                "month": "2023-03",
                "unit_code": "500114001",
                "unit_name": "城东街道",
                "forms": ["elderly_care", "marriage_customs"],
            }
        ],
    }
    page = night_markdown(SUMMARY | trouble)
    assert "| &lt;b&gt;\\.xlsx | unreadable | 不是工作簿\\|x |" in page
    assert "| 石会镇 | 2023\\-03 | social\\_assistance | 2 |" in page
    assert "| 2023\\-03 | 城东街道 | elderly\\_care\\, marriage\\_customs |" in page
