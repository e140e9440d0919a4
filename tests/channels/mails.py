"""Mails as people and programs write them."""

import base64
from email.message import EmailMessage, Message
from email.mime.application import MIMEApplication
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

SERVER = "mx.example.cn"
ZHUOSHUI = "zhuoshui@example.cn"


def passed(sender: str = ZHUOSHUI) -> str:
    """What the receiving server writes above a mail whose sender it has verified."""
    domain = sender.rpartition("@")[2]
    return f"Authentication-Results: {SERVER}; dmarc=pass header.from={domain}\r\n"


def mail(files: dict[str, bytes], sender: str = ZHUOSHUI, text: str = "请查收") -> bytes:
    """A mail with attachments, as a library writes it."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "baosong@example.cn", "报表"
    message.set_content(text)
    for name, content in files.items():
        message.add_attachment(
            content, maintype="application", subtype="octet-stream", filename=name
        )
    return message.as_bytes()


def with_header(value: bytes, content: bytes = b"x", kind: bytes = b"Content-Disposition") -> bytes:
    """A mail that is one file, with its name in a header of exactly these bytes."""
    return (
        b"From: zhuoshui@example.cn\r\nMIME-Version: 1.0\r\n"
        + (b"" if kind == b"Content-Type" else b"Content-Type: application/octet-stream\r\n")
        + kind + b": " + value + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(content)
    )  # fmt: skip


def forwarded(inner: bytes, files: dict[str, bytes] | None = None) -> bytes:
    """A mail with another one within it, as it is forwarded as an attachment."""
    import email

    outer = MIMEMultipart()
    outer["From"] = ZHUOSHUI
    outer.attach(MIMEText("转发", _charset="utf-8"))
    outer.attach(MIMEMessage(email.message_from_bytes(inner)))
    for name, content in (files or {}).items():
        part = MIMEApplication(content)
        part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", name))
        outer.attach(part)
    return outer.as_bytes()


def nested(depth: int, inside: Message) -> Message:
    """Mails in mails, so deep."""
    for _ in range(depth):
        around = MIMEMultipart()
        around.attach(MIMEMessage(inside))
        inside = around
    return inside
