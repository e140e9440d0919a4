"""The settings' page, from the fields of `Settings` and the sentences below them."""

from __future__ import annotations

import ast
import inspect
import json
import textwrap
from dataclasses import MISSING, Field
from typing import Any, Literal, get_args, get_origin, get_type_hints

from flows.channel_settings import KINDS
from flows.documenting.markdown import code, page, table
from flows.sending_settings import SendingSettings
from flows.setting_values import Names, Options, settable
from flows.settings import Settings

_INTRO = """\
Settings stand in `minzheng.toml` in the home. A variable of the environment with
`MINZHENG_` before the setting's name, in capitals, goes before the file. The home is the
working directory, or the folder that `MINZHENG_HOME` names; every path is below it."""
_CHANNELS = """\
## Channels

Besides the inbox, files come in by the channels that the file names, a table each:
`[channels.NAME]`, with its `kind`. What library a kind takes is an extra: `minzheng[mail]`,
`minzheng[sftp]`, `minzheng[s3]`, `minzheng[webdav]`, `minzheng[smb]`, or all of them with
`minzheng[channels]`. The inbox is the channel `folder`, and has a table only where its folders
are bound to units.

```toml
[channels.folder.units]
"濯水镇" = "濯水镇"            # files below data/raw/inbox/濯水镇 are of 濯水镇 alone

[channels.mail]
kind = "imap"
host = "mail.example.cn"
user = "baosong@example.cn"   # the password: MINZHENG_MAIL_PASSWORD
authserv_id = "mail.example.cn"

[channels.mail.units]
"zhuoshui@example.cn" = "濯水镇"
"chengdong@example.cn" = ["城东街道", "城南街道"]
"office@example.cn" = "*"

[channels.sftp]
kind = "remote"
url = "sftp://baosong@10.20.0.5/incoming"   # the password: MINZHENG_SFTP_PASSWORD
known_hosts = "known_hosts"
```

Secrets are in variables alone: `MINZHENG_NAME_PASSWORD`, for a private key
`MINZHENG_NAME_PASSPHRASE`, for S3 `MINZHENG_NAME_KEY`, `MINZHENG_NAME_SECRET` and
`MINZHENG_NAME_TOKEN`, with the channel's name. In the file they are refused."""


_SENDING = """\
## Sending

`[sending]` says how returned workbooks and reminders go out. A thing is sent once:
`data/raw/sent.jsonl` has a line before it goes and one after. What went back before sending was
set up is not sent, nor what went back more than 14 days ago. Reminders are of the latest month
that is past due.

```toml
[sending]
server = "smtps://baosong@mail.example.cn"   # the password: MINZHENG_SENDING_PASSWORD
sender = "baosong@example.cn"
outbox = "outbox"                            # for units without an address

[sending.addresses]
"濯水镇" = "zhuoshui@example.cn"
```

The night's summary goes to the addresses in `MINZHENG_NOTICES`, with spaces between them, as
[Apprise](https://github.com/caronc/apprise) writes them: `dingtalk://…` (钉钉), `wecombot://…`
(企业微信), `feishu://…` (飞书), `mailtos://…`, and what else it knows; the extra is
`minzheng[notices]`. They are secrets, and stand in the variable alone."""


def settings_page() -> str:
    """The page `settings.md`."""
    parts = [_INTRO, _table(Settings, variables=True), _CHANNELS]
    for kind, declared in KINDS.items():
        parts += [
            f'### `kind = "{kind}"`',
            inspect.cleandoc(declared.__doc__ or ""),
            _table(declared),
        ]
    parts += [_SENDING, _table(SendingSettings)]
    return page("Settings", *parts)


def _table(declared: type, *, variables: bool = False) -> str:
    said, types = _sentences(declared), get_type_hints(declared)
    rows = [
        (
            code(each.name),
            *([code(f"MINZHENG_{each.name.upper()}")] if variables else []),
            _type(types[each.name]),
            _default(each),
            said.get(each.name, ""),
        )
        for each in settable(declared)
    ]
    headings = ("setting", *(["variable"] if variables else []), "type", "default", "what it does")
    return table(headings, rows)


def _default(each: Field[Any]) -> str:
    if each.default is MISSING:
        return "" if each.default_factory is MISSING else "none"
    return code(json.dumps(each.default))


def _type(hint: Any) -> str:
    """The type's name; of one of a few texts, those; of a table, that."""
    if get_origin(hint) is Literal:
        return " or ".join(map(code, get_args(hint)))
    return "table" if hint in (Names, Options) else str(hint.__name__)


def _sentences(declared: type) -> dict[str, str]:
    """The string that stands below a field, by the field's name."""
    body = ast.parse(textwrap.dedent(inspect.getsource(declared))).body[0]
    found: dict[str, str] = {}
    if isinstance(body, ast.ClassDef):
        for field, after in zip(body.body, body.body[1:], strict=False):
            match field, after:
                case (
                    ast.AnnAssign(target=ast.Name(id=name)),
                    ast.Expr(value=ast.Constant(value=str(text))),
                ):
                    found[name] = text
    return found
