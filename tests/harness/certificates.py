"""Certificates that are good for one test."""

import pathlib
import subprocess

_NEW_KEY = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"


def _openssl(folder: pathlib.Path, arguments: str) -> None:
    done = subprocess.run(["openssl", *arguments.split()], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"openssl {arguments}: {done.stderr}"


def make_self_signed(folder: pathlib.Path, file: str, name: str) -> None:
    """Writes `file`.pem and `file`.key."""
    _openssl(folder, f"req -x509 {_NEW_KEY} -days 2 -subj /CN={name} -keyout {file}.key -out {file}.pem")


def make_signed(folder: pathlib.Path, file: str, name: str, authority: str) -> None:
    """Writes `file`.pem, signed by the `authority`.pem there, and `file`.key."""
    _openssl(folder, f"req {_NEW_KEY} -subj /CN={name} -keyout {file}.key -out {file}.csr")
    (folder / f"{file}.cnf").write_text(f"subjectAltName=DNS:{name}\n")
    _openssl(folder, f"x509 -req -in {file}.csr -CA {authority}.pem -CAkey {authority}.key -CAcreateserial -days 2 "
                     f"-extfile {file}.cnf -out {file}.pem")
