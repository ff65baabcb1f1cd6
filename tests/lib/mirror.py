"""A mirror of packages as a company has one: over TLS, with a certificate by an authority that nobody else knows."""

import base64
import csv
import datetime
import hashlib
import http.server
import io
import ipaddress
import re
import ssl
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def wheel(folder: Path, name: str, version: str, files: dict[str, bytes], tag: str = "py3-none-any") -> Path:
    """Write a wheel of these files, by their names in it."""
    info = f"{name}-{version}.dist-info"
    base = {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode(),
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: {tag}\n".encode(),
    }
    content = base | files
    record = io.StringIO()
    rows = csv.writer(record, lineterminator="\n")
    for path, data in content.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        rows.writerow((path, f"sha256={digest}", len(data)))
    rows.writerow((f"{info}/RECORD", "", ""))
    path = folder / f"{name}-{version}-{tag}.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for member, data in content.items():
            entry = zipfile.ZipInfo(member)
            entry.external_attr = (0o100755 if "/scripts/" in member else 0o100644) << 16
            archive.writestr(entry, data)
        archive.writestr(f"{info}/RECORD", record.getvalue())
    return path


def repacked(folder: Path, name: str) -> Path:
    """A wheel of a package as it is installed here."""
    found: Distribution = distribution(name)
    stem = re.sub(r"[-_.]+", "_", found.name)
    info = f"{stem}-{found.version}.dist-info"
    files: dict[str, bytes] = {}
    for each in found.files or []:
        path = Path(str(found.locate_file(each))).resolve()
        if path.suffix == ".pyc" or path.name in {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"}:
            continue
        if ".." in each.parts:  # a program: beside the packages, where the wheel has it apart
            if path.stat().st_size and path.read_bytes()[:2] != b"#!":
                files[f"{stem}-{found.version}.data/scripts/{path.name}"] = path.read_bytes()
        elif each.parts[0].endswith(".dist-info"):
            files["/".join((info, *each.parts[1:]))] = path.read_bytes()
        else:
            files[each.as_posix()] = path.read_bytes()
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    return wheel(folder, stem, found.version, files)


def line(path: Path) -> str:
    """The line of a lock file for a wheel."""
    name, version, *_ = path.name.split("-")
    return f"{name.replace('_', '-')}=={version} \\\n    --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def authority(folder: Path) -> tuple[Path, Path]:
    """An authority's certificate, and certificate and key of 127.0.0.1 by it."""
    now = datetime.datetime.now(datetime.UTC)

    def certificate(
        name: str, issuer: str, key: ec.EllipticCurvePrivateKey, by: ec.EllipticCurvePrivateKey, *extensions: x509.ExtensionType
    ) -> x509.Certificate:
        builder = x509.CertificateBuilder(
            x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]),
            x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]),
            key.public_key(),
            x509.random_serial_number(),
            now - datetime.timedelta(days=1),
            now + datetime.timedelta(days=1),
        )
        for extension in extensions:
            builder = builder.add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
        return builder.sign(by, hashes.SHA256())

    own, ours = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    identifier = x509.SubjectKeyIdentifier.from_public_key(own.public_key())
    root = certificate("proefautoriteit", "proefautoriteit", own, own, x509.BasicConstraints(ca=True, path_length=None), identifier)
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    by = x509.AuthorityKeyIdentifier.from_issuer_public_key(own.public_key())
    leaf = certificate("127.0.0.1", "proefautoriteit", ours, own, here, by)
    pem = serialization.Encoding.PEM
    (folder / "autoriteit.pem").write_bytes(root.public_bytes(pem))
    secret = ours.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "server.pem").write_bytes(leaf.public_bytes(pem) + secret)
    return folder / "autoriteit.pem", folder / "server.pem"


@contextmanager
def serving(wheels: list[Path], certificate: Path) -> Iterator[tuple[str, list[str]]]:
    """A simple index of these wheels, and below ``/leeg`` one of nothing; its address, and the paths that are asked of it."""
    by_name = {path.name: path for path in wheels}
    asked: list[str] = []

    class Index(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            kind, name = self.path.strip("/").split("/")[-2:]
            if kind == "simple":
                of = [n for n in by_name if n.split("-")[0].replace("_", "-") == name and not self.path.startswith("/leeg/")]
                body = "".join(f'<a href="/wheels/{n}">{n}</a>' for n in of).encode()
            else:
                of, body = [name], by_name[name].read_bytes()
            self.send_response(200 if of else 404)
            self.send_header("Content-Type", "text/html" if kind == "simple" else "application/octet-stream")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        def do_HEAD(self) -> None:
            self.do_GET()

        def log_message(self, *_: Any) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Index)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"https://127.0.0.1:{server.server_address[1]}/simple/", asked
    finally:
        server.shutdown()
