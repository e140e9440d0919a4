"""A mail server and a chat service on loopback, that keep what reaches them."""

import email
import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from tests.channels.servers import PASSWORD, free_port

USER = "baosong"


class MailServer:
    """A mail server over STARTTLS that asks for a password; `mails` are those it has taken."""

    def __init__(self, folder: Path) -> None:
        authority = trustme.CA()
        self.authority = folder / "authority.pem"
        authority.cert_pem.write_to_path(self.authority)
        self._trust = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert("localhost").configure_cert(self._trust)
        self.port = free_port()
        self.mails: list[EmailMessage] = []
        self.answer = "250 taken"
        self.refused: set[str] = set()

    @property
    def url(self) -> str:
        return f"smtp://{USER}@localhost:{self.port}"

    async def handle_RCPT(  # aiosmtpd's name
        self, server: SMTP, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address in self.refused:
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        if self.answer.startswith("250"):
            mail = email.message_from_bytes(envelope.content, policy=default)
            mail["X-To"] = ", ".join(envelope.rcpt_tos)
            self.mails.append(mail)
        return self.answer

    @contextmanager
    def running(self) -> Iterator[None]:
        controller = Controller(
            self,
            hostname="127.0.0.1",
            port=self.port,
            tls_context=self._trust,
            require_starttls=True,
            auth_required=True,
            authenticator=_known,
        )
        controller.start()
        try:
            yield
        finally:
            controller.stop()


def _known(server: Any, session: Any, envelope: Any, mechanism: str, said: Any) -> AuthResult:
    known = isinstance(said, LoginPassword) and said.password == PASSWORD.encode()
    return AuthResult(success=known, handled=known)


class ChatService:
    """A service that takes notices by HTTP; `notices` are those it was sent."""

    def __init__(self) -> None:
        self.notices: list[dict[str, Any]] = []
        self.answer = 200
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:  # the library's name
                length = int(self.headers["Content-Length"])
                service.notices.append(json.loads(self.rfile.read(length)))
                self.send_response(service.answer)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"json://127.0.0.1:{self._server.server_port}/geheimes-wort"

    @contextmanager
    def running(self) -> Iterator[None]:
        thread = Thread(target=self._server.serve_forever, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._server.shutdown()
            thread.join()
            self._server.server_close()
