"""Real servers on loopback, each in a folder of its own: dovecot, OpenSSH, S3, WebDAV."""

import getpass
import imaplib
import os
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import trustme

PASSWORD = "Sesam-öffne-7"
"""The password of every server here."""
PATIENCE_SECONDS = 30
_SYSTEM = f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin{os.pathsep}/usr/local/sbin"
NEEDED = {"dovecot": "dovecot-imapd", "sshd": "openssh-server", "ssh-keygen": "openssh-client"}


def program(name: str) -> str | None:
    """Where a server's program is; None where there is none."""
    return shutil.which(name, path=_SYSTEM)


def why_absent() -> str:
    """Why the servers cannot be started here; '' where they can."""
    missing = [package for name, package in NEEDED.items() if program(name) is None]
    return f"{', '.join(missing)} not installed (apt-get install {' '.join(missing)})" * bool(
        missing
    )


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def _running(command: list[str], log: Path, ready: Callable[[], object]) -> Iterator[None]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
    try:
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            assert process.poll() is None, log.read_text(errors="replace")
            try:
                ready()
                break
            except OSError:
                assert time.monotonic() < until, log.read_text(errors="replace")
                time.sleep(0.1)
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _answers(port: int) -> None:
    socket.create_connection(("127.0.0.1", port), timeout=2).close()


@dataclass(frozen=True)
class MailServer:
    """A dovecot with one mailbox, over TLS."""

    port: int
    authority: Path
    user: str = "baosong@example.cn"

    def deliver(self, raw: bytes, at: float | None = None, mailbox: str = "INBOX") -> None:
        """Put a message into the mailbox, got at those seconds since 1970, by default now."""
        with self.open() as box:
            when = imaplib.Time2Internaldate(time.time() if at is None else at)
            kind, said = box.append(mailbox, "", when, raw)
            assert kind == "OK", said

    @contextmanager
    def open(self) -> Iterator[imaplib.IMAP4_SSL]:
        """The mailbox, as another mail program would open it."""
        trust = ssl.create_default_context(cafile=str(self.authority))
        with imaplib.IMAP4_SSL("localhost", self.port, ssl_context=trust) as box:
            # Its own login quotes nothing that is not ASCII.
            box.authenticate("PLAIN", lambda _: f"\0{self.user}\0{PASSWORD}".encode())
            yield box

    def empty(self) -> None:
        """Remove every message."""
        with self.open() as box:
            kind, said = box.select()
            assert kind == "OK", said
            if int(said[0] or b"0"):
                box.store("1:*", "+FLAGS", "\\Deleted")
                box.expunge()

    def flags(self) -> list[str]:
        """Each message's flags, in the order of arrival in the mailbox."""
        with self.open() as box:
            kind, said = box.select(readonly=True)
            assert kind == "OK", said
            kind, found = box.fetch("1:*", "(FLAGS)")
            assert kind == "OK"
            return [str(each) for each in found if each is not None]


_DOVECOT = """
protocols = imap
listen = 127.0.0.1
base_dir = {run}
state_dir = {run}
log_path = {folder}/dovecot.log
ssl = required
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/key.pem
mail_location = maildir:{folder}/mail
mail_debug = no
first_valid_uid = {uid}
default_internal_user = {internal}
default_login_user = {login}
default_internal_group = {group}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A dovecot that keeps its mails in a folder of its own.

    Not in pytest's, into which nobody else than its user may look: dovecot serves a mailbox
    as another user than root.
    """
    folder = Path(tempfile.mkdtemp(prefix="minzheng-dovecot-"))
    try:
        with _mail_server(folder) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _mail_server(folder: Path) -> Iterator[MailServer]:
    authority = trustme.CA()
    certificate = authority.issue_cert("localhost", "127.0.0.1")
    certificate.private_key_pem.write_to_path(folder / "key.pem")
    certificate.cert_chain_pems[0].write_to_path(folder / "certificate.pem")
    authority.cert_pem.write_to_path(folder / "authority.pem")
    port, root, me = free_port(), os.geteuid() == 0, getpass.getuser()
    folder.chmod(0o755)
    (folder / "mail").mkdir()
    uid, gid = (65534, 65534) if root else (os.geteuid(), os.getegid())
    os.chown(folder / "mail", uid, gid)
    (folder / "dovecot.conf").write_text(
        _DOVECOT.format(
            folder=folder,
            run=folder / "run",
            port=port,
            uid=uid,
            gid=gid,
            password=PASSWORD,
            internal="dovecot" if root else me,
            login="dovenull" if root else me,
            group="dovecot" if root else me,
        ),
        encoding="utf-8",
    )
    server = MailServer(port, folder / "authority.pem")

    def ready() -> None:
        with server.open():
            pass

    command = [str(program("dovecot")), "-F", "-c", str(folder / "dovecot.conf")]
    with _running(command, folder / "started.log", ready):
        yield server


@dataclass(frozen=True)
class SftpServer:
    """An OpenSSH server that lets one key in; `folder` is what it serves."""

    port: int
    folder: Path
    known_hosts: Path
    key: Path

    @property
    def url(self) -> str:
        return f"sftp://{getpass.getuser()}@127.0.0.1:{self.port}{self.folder}"


@contextmanager
def sftp_server(folder: Path) -> Iterator[SftpServer]:
    """A server whose files lie in `incoming` in the folder."""
    for name in ("host", "user"):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True
        )
    port = free_port()
    incoming = folder / "incoming"
    incoming.mkdir()
    (folder / "authorized").write_bytes((folder / "user.pub").read_bytes())
    host = (folder / "host.pub").read_text().split()[:2]
    (folder / "known_hosts").write_text(f"[127.0.0.1]:{port} {' '.join(host)}\n")
    (folder / "sshd_config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nPidFile none\n"
        f"AuthorizedKeysFile {folder}/authorized\nStrictModes no\nUsePAM no\n"
        "PasswordAuthentication no\nPermitRootLogin prohibit-password\n"
        "Subsystem sftp internal-sftp\n"
    )
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True, mode=0o755)
    command = [str(program("sshd")), "-D", "-e", "-f", str(folder / "sshd_config")]
    with _running(command, folder / "sshd.log", lambda: _answers(port)):
        yield SftpServer(port, incoming, folder / "known_hosts", folder / "user")


@dataclass(frozen=True)
class HttpServer:
    """A server of a folder by S3 or WebDAV, by rclone."""

    port: int
    folder: Path
    user: str = "minzheng"


@contextmanager
def http_server(kind: str, folder: Path) -> Iterator[HttpServer]:
    """The folder `served` in the folder, by `s3` or `webdav`; S3 checks signatures."""
    port, served = free_port(), folder / "served"
    served.mkdir()
    server = HttpServer(port, served)
    login = (
        ["--auth-key", f"{server.user},{PASSWORD}"]
        if kind == "s3"
        else ["--user", server.user, "--pass", PASSWORD]
    )
    command = [str(shutil.which("rclone")), "serve", kind, "--addr", f"127.0.0.1:{port}", *login]
    command += ["--config", str(folder / "rclone.conf"), "--vfs-cache-mode", "off"]
    command += ["--dir-cache-time", "10ms", str(served)]
    with _running(command, folder / "rclone.log", lambda: _answers(port)):
        yield server
