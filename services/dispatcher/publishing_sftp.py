"""Publishing a status page to an SFTP server whose host key is known beforehand."""

import io
import logging
import posixpath
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from services.dispatcher.not_sent import NotSent
from services.dispatcher.publishing import UNFINISHED, put_all
from services.dispatcher.timed_socket import CONNECT_TIMEOUT_S, READ_TIMEOUT_S, left_s
from services.providers.provider import PublishCall, Refused, Reply, Retry

if TYPE_CHECKING:
    import paramiko

# It tells logins and what servers said.
logging.getLogger("paramiko").setLevel(logging.CRITICAL + 1)

_LONGEST_BYTES: Final = 4_000_000
_RSA: Final = ("rsa-sha2-512", "rsa-sha2-256")
_FULL: Final = "the server could not write; its disk may be full"
_NOT_PINNED: Final = "the server shows another host key than the pinned one"


def publish_to_sftp(call: PublishCall, opened: socket.socket, ends_at_s: float) -> Reply:
    """Publish over a connection that was made to the server.

    Raises:
        NotSent: it could not be finished; what is there is whole.
    """
    try:
        import paramiko
    except ImportError:
        raise NotSent(Refused("paramiko is not installed on this machine")) from None
    try:
        with closing(paramiko.Transport(opened)) as transport:
            _greet(transport, call)
            _sign_in(transport, call)
            with closing(_sftp(transport)) as sftp:
                return put_all(call, Server(sftp, call.path, ends_at_s))
    except paramiko.AuthenticationException:
        raise NotSent(Refused("the server does not accept the login")) from None
    except (paramiko.SSHException, OSError, EOFError, ValueError) as error:
        raise NotSent(Retry(f"the SFTP server fails: {type(error).__name__}")) from None


def _greet(transport: "paramiko.Transport", call: PublishCall) -> None:
    """Agree on ciphers with the server that has the pinned key, and no other."""
    import paramiko

    kind = call.host_key.partition(" ")[0]
    try:
        transport.get_security_options().key_types = _RSA if kind == "ssh-rsa" else (kind,)
    except ValueError:
        raise NotSent(Refused("the pinned host key is of a kind that is not known")) from None
    transport.banner_timeout = CONNECT_TIMEOUT_S
    try:
        transport.start_client(timeout=READ_TIMEOUT_S)
    except paramiko.ssh_exception.IncompatiblePeer:
        raise NotSent(Refused(_NOT_PINNED)) from None
    finally:
        # Its clock for this would go on ticking after a handshake that failed.
        transport.packetizer.complete_handshake()
    shown = transport.get_remote_server_key()
    if f"{shown.get_name()} {shown.get_base64()}" != call.host_key:
        raise NotSent(Refused(_NOT_PINNED))


def _sign_in(transport: "paramiko.Transport", call: PublishCall) -> None:
    transport.auth_timeout = READ_TIMEOUT_S
    if call.private_key:
        transport.auth_publickey(call.login, _private_key(call.private_key))
    elif call.password:
        transport.auth_password(call.login, call.password, fallback=False)
    else:
        raise NotSent(Refused("this machine keeps neither a password nor a key for the server"))


def _private_key(text: str) -> "paramiko.PKey":
    import paramiko

    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        # What is wrong with a key is not said: the words would quote it.
        with suppress(paramiko.SSHException, ValueError):
            return kind.from_private_key(io.StringIO(text))
    raise NotSent(Refused("the private key is none that SSH knows"))


def _sftp(transport: "paramiko.Transport") -> "paramiko.SFTPClient":
    import paramiko

    sftp = paramiko.SFTPClient.from_transport(transport)
    if sftp is None:
        raise NotSent(Refused("the server offers no SFTP"))
    return sftp


class Server:
    """A folder of an SFTP server; it is never made there."""

    def __init__(self, sftp: "paramiko.SFTPClient", root: str, ends_at_s: float) -> None:
        self._sftp = sftp
        self._root = root
        self._ends_at_s = ends_at_s
        self._known: set[str] = {root}
        with self._asking():
            try:
                sftp.stat(root)
            except FileNotFoundError:
                raise NotSent(Retry("the folder is not there")) from None

    def read(self, name: str) -> bytes | None:
        """A file as readers get it."""
        with self._asking():
            try:
                with self._sftp.open(posixpath.join(self._root, name), "rb") as file:
                    return bytes(file.read(_LONGEST_BYTES))
            except FileNotFoundError:
                return None

    def put(self, name: str, content: bytes) -> None:
        """Upload beside the old file, then change the name."""
        target = posixpath.join(self._root, name)
        parent = posixpath.dirname(target)
        written = posixpath.join(parent, f"{UNFINISHED}{uuid4().hex}")
        with self._asking():
            self._make(parent)
            is_left = True
            try:
                with self._sftp.open(written, "wx") as file:
                    file.write(content)
                if self._sftp.stat(written).st_size != len(content):
                    raise NotSent(Retry(_FULL))
                self._rename(written, target)
                is_left = False
            finally:
                if is_left:
                    with suppress(OSError, EOFError):
                        self._sftp.remove(written)

    def _rename(self, written: str, target: str) -> None:
        try:
            self._sftp.posix_rename(written, target)
        except OSError as error:
            if "unsupported" in str(error).lower():
                why = "the server cannot put a file in place of another in one step"
                raise NotSent(Refused(why)) from None
            raise

    def _make(self, folder: str) -> None:
        """Make a folder below the root, but never the root."""
        if folder in self._known:
            return
        self._make(posixpath.dirname(folder))
        try:
            self._sftp.stat(folder)
        except FileNotFoundError:
            self._sftp.mkdir(folder)
        self._known.add(folder)

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """What the server refuses is told as a fact; every answer comes within the time left."""
        channel = self._sftp.get_channel()
        assert channel is not None, "it has one until it is closed"
        channel.settimeout(min(READ_TIMEOUT_S, left_s(self._ends_at_s)))
        try:
            yield
        except FileNotFoundError:
            raise NotSent(Retry("the folder is not there")) from None
        except PermissionError:
            raise NotSent(Refused("the login may not write in the folder")) from None
        except (TimeoutError, ConnectionError):
            raise
        except OSError:
            # All that the protocol says of a full disk is "Failure".
            raise NotSent(Retry(_FULL)) from None
