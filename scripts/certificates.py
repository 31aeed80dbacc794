"""A certificate authority of this machine, and a certificate for its addresses, run in the venv."""

import datetime
import ipaddress
import os
import socket

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_DAYS = 3650
CERTIFICATE_DAYS = 397  # phones refuse longer ones
RENEW_DAYS = 30  # before the end


def addresses():
    """List the names and addresses by which this machine may be reached.

    :return: list of texts, the one for phones in the same network first
    """
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing; the system tells which way it would go
            found.append(probe.getsockname()[0])
        except OSError:
            pass  # no network
    try:
        told = socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
        found += sorted({one[4][0] for one in told})
    except OSError:
        pass  # a host whose own name leads nowhere
    return list(dict.fromkeys([*found, "127.0.0.1", "localhost", socket.gethostname()]))


def ensure(folder, names):
    """Make the authority once, and the certificate when it is missing, old or for other names.

    :param folder: Path, private
    :param names: as of ``addresses``
    :return: (path of the certificate with its key, path of the authority's certificate)
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    authority, certificate = folder / "authority.pem", folder / "server.pem"
    if not authority.exists():
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name(f"Field demo of {socket.gethostname()}")
        built = (
            _builder(name, name, key, AUTHORITY_DAYS)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs=True), critical=True)
            .sign(key, hashes.SHA256())
        )
        _write(authority, key, built)
    if not _fits(certificate, names):
        issuer_key, issuer = _read(authority)
        key = ec.generate_private_key(ec.SECP256R1())
        server = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
        built = (
            _builder(_name("Field demo"), issuer.subject, key, CERTIFICATE_DAYS)
            .add_extension(x509.SubjectAlternativeName(_subjects(names)), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs=False), critical=True)
            .add_extension(server, critical=False)
            .sign(issuer_key, hashes.SHA256())
        )
        _write(certificate, key, built)
    public = folder / "authority.crt"
    public.write_bytes(_read(authority)[1].public_bytes(serialization.Encoding.PEM))
    return certificate, public


def _name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:64])])


def _builder(subject, issuer, key, days):
    now = datetime.datetime.now(datetime.timezone.utc)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=days))
    )


def _usage(signs):
    """Say what a key is for: signing certificates, or speaking as a server."""
    return x509.KeyUsage(
        digital_signature=not signs,
        key_cert_sign=signs,
        crl_sign=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _subjects(names):
    found = []
    for name in names:
        try:
            found.append(x509.IPAddress(ipaddress.ip_address(name)))
        except ValueError:
            found.append(x509.DNSName(name))
    return found


def _write(path, key, certificate):
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(opened, "wb") as file:
        file.write(secret + certificate.public_bytes(serialization.Encoding.PEM))


def _read(path):
    data = path.read_bytes()
    key = serialization.load_pem_private_key(data, None)
    return key, x509.load_pem_x509_certificate(data)


def _fits(path, names):
    if not path.exists():
        return False
    _key, certificate = _read(path)
    soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=RENEW_DAYS)
    told = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return set(told) == set(_subjects(names)) and certificate.not_valid_after_utc > soon
