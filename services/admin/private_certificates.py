"""A certificate authority for one server on this machine, made to be thrown away with it."""

import ipaddress
import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from services.core.clock import Clock

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec

VALID_FOR = timedelta(days=30)
BACKDATED_BY = timedelta(days=2)
"""A desk whose clock is a day behind still finds the certificate valid."""
NAMES = ("localhost",)
ADDRESSES = ("127.0.0.1", "::1")


@dataclass(frozen=True)
class Certificates:
    """Three PEM files: whom to trust, what the server shows, and its key (mode 0600)."""

    authority: Path
    server: Path
    key: Path


def make_certificates(folder: Path, clock: Clock) -> Certificates:
    """Make an authority and a server certificate for this machine's loopback names.

    The authority's own key is never written, so nothing else can be signed by it.
    """
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    authority_key = ec.generate_private_key(ec.SECP256R1())
    server_key = ec.generate_private_key(ec.SECP256R1())
    authority = _authority(authority_key, clock)
    server = _server(server_key, authority, authority_key, clock)
    found = Certificates(folder / "ca.crt", folder / "server.crt", folder / "server.key")
    pem = serialization.Encoding.PEM
    found.authority.write_bytes(authority.public_bytes(pem))
    found.server.write_bytes(server.public_bytes(pem))
    found.key.touch(mode=0o600)
    found.key.write_bytes(
        server_key.private_bytes(
            pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return found


def _authority(key: "ec.EllipticCurvePrivateKey", clock: Clock) -> "x509.Certificate":
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    name = _name("Firstline private authority")
    usage = _usage(signs_certificates=True)
    return (
        _blank(name, name, key, clock)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _server(
    key: "ec.EllipticCurvePrivateKey",
    authority: "x509.Certificate",
    authority_key: "ec.EllipticCurvePrivateKey",
    clock: Clock,
) -> "x509.Certificate":
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    names: list[x509.GeneralName] = [x509.DNSName(name) for name in NAMES]
    names += [x509.IPAddress(ipaddress.ip_address(address)) for address in ADDRESSES]
    signer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    serves = x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.SERVER_AUTH])
    return (
        _blank(_name(NAMES[0]), authority.subject, key, clock)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(serves, critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(signer, critical=False)
        .sign(authority_key, hashes.SHA256())
    )


def _blank(
    subject: "x509.Name", issuer: "x509.Name", key: "ec.EllipticCurvePrivateKey", clock: Clock
) -> "x509.CertificateBuilder":
    from cryptography import x509

    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        # 159 bits: a serial number may have 20 bytes and must be positive.
        .serial_number(int.from_bytes(os.urandom(20)) >> 1)
        .not_valid_before(clock.now() - BACKDATED_BY)
        .not_valid_after(clock.now() + VALID_FOR)
    )


def _usage(signs_certificates: bool) -> "x509.KeyUsage":
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _name(common_name: str) -> "x509.Name":
    from cryptography import x509

    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common_name)])
