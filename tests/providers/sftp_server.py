"""An SFTP server on loopback that serves one folder, and misbehaves when told."""

import os
import socket
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import paramiko

LOGIN, PASSWORD = "pages", "open sesame"


class SftpServer:
    """Serves ``folder`` to one login, one connection after another.

    ``can_replace``: it knows posix-rename. ``is_full``: it takes no more bytes.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = paramiko.ECDSAKey.generate()
        self.client_key: paramiko.PKey | None = None
        self.can_replace = True
        self.is_full = False
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._serving = threading.Thread(target=self._serve)

    @property
    def host_key(self) -> str:
        """Its public key, as ``ssh-keyscan`` tells it."""
        return f"127.0.0.1 {self.key.get_name()} {self.key.get_base64()}"

    def __enter__(self) -> "SftpServer":
        self._serving.start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._serving.join()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            transport = paramiko.Transport(connection)
            transport.add_server_key(self.key)
            transport.set_subsystem_handler("sftp", paramiko.SFTPServer, _Files, served=self)
            with suppress(paramiko.SSHException, EOFError, OSError):
                transport.start_server(server=_Door(self))
                transport.join()
            transport.packetizer.complete_handshake()
            transport.close()


class _Door(paramiko.ServerInterface):
    def __init__(self, served: SftpServer) -> None:
        self._served = served

    def get_allowed_auths(self, username: str) -> str:
        return "password,publickey"

    def check_auth_password(self, username: str, password: str) -> int:
        is_right = (username, password) == (LOGIN, PASSWORD)
        return paramiko.AUTH_SUCCESSFUL if is_right else paramiko.AUTH_FAILED

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        is_right = username == LOGIN and key == self._served.client_key
        return paramiko.AUTH_SUCCESSFUL if is_right else paramiko.AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED


class _Files(paramiko.SFTPServerInterface):
    def __init__(self, server: Any, *arguments: Any, served: SftpServer) -> None:
        super().__init__(server, *arguments)
        self._served = served

    def _place(self, path: str) -> Path:
        return self._served.folder / path.lstrip("/")

    def stat(self, path: str) -> Any:
        return self._told(lambda: paramiko.SFTPAttributes.from_stat(self._place(path).stat()))

    lstat = stat

    def open(self, path: str, flags: int, attr: Any) -> Any:
        def opened() -> Any:
            mode = "wb" if flags & os.O_WRONLY else "rb"
            number = os.open(self._place(path), flags, 0o644)
            handle = _File(flags, self._served)
            handle.filename = path
            handle.readfile = handle.writefile = os.fdopen(number, mode)
            return handle

        return self._told(opened)

    def remove(self, path: str) -> Any:
        return self._told(lambda: self._place(path).unlink()) or paramiko.SFTP_OK

    def mkdir(self, path: str, attr: Any) -> Any:
        return self._told(lambda: self._place(path).mkdir()) or paramiko.SFTP_OK

    def posix_rename(self, oldpath: str, newpath: str) -> Any:
        if not self._served.can_replace:
            return paramiko.SFTP_OP_UNSUPPORTED
        old, new = self._place(oldpath), self._place(newpath)
        return self._told(lambda: old.replace(new)) and paramiko.SFTP_OK

    @staticmethod
    def _told(work: Any) -> Any:
        try:
            return work()
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno or 0)


class _File(paramiko.SFTPHandle):
    def __init__(self, flags: int, served: SftpServer) -> None:
        super().__init__(flags)
        self._served = served

    def stat(self) -> Any:
        return paramiko.SFTPAttributes.from_stat(os.fstat(self.readfile.fileno()))

    def write(self, offset: int, data: bytes) -> int:
        return paramiko.SFTP_FAILURE if self._served.is_full else super().write(offset, data)
