"""The archive of a trained model: sealed by its SHA-256 when it is made, checked before anything of it is read or loaded."""

from __future__ import annotations

import hashlib
import tarfile
from pathlib import Path, PurePosixPath

_MEND = "Call ./wegweiser train --force to make a new one; if you did not change it yourself, ask who can write to its folder."


class ModelRefused(RuntimeError):
    """An archive that must not be loaded; the message says which, why, and how to mend it."""


def seal_of(archive: Path) -> Path:
    """The file with the hash of an archive, in the form of sha256sum(1), so that an operator can check it by hand."""
    return archive.with_name(f"{archive.name}.sha256")


def seal(archive: Path, name: str | None = None) -> None:
    """Note the hash of an archive beside it; `name` is the name that the archive will get."""
    target = archive.with_name(name or archive.name)
    seal_of(target).write_text(f"{_sha256(archive)}  {target.name}\n", encoding="utf-8")


def check(archive: Path) -> None:
    """Raise ModelRefused unless the archive is the one that was sealed and holds nothing but files inside its folder."""
    try:
        sealed = seal_of(archive).read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError) as error:
        raise ModelRefused(f"The model {archive} has no readable hash beside it ({seal_of(archive).name}). {_MEND}") from error
    try:
        if sealed[:1] != [_sha256(archive)]:
            raise ModelRefused(f"The model {archive} is not the one that was trained: its hash differs. {_MEND}")
        with tarfile.open(archive) as content:
            outside = [member.name for member in content if not _inside(member)]
    except (OSError, EOFError, tarfile.TarError) as error:
        raise ModelRefused(f"The model {archive} cannot be read ({type(error).__name__}). {_MEND}") from error
    if outside:
        raise ModelRefused(f"The model {archive} holds „{outside[0]}“, which would be written outside its folder. {_MEND}")


def _inside(member: tarfile.TarInfo) -> bool:
    """Plain files and folders only: a link leads anywhere, a device is nothing for a model."""
    path = PurePosixPath(member.name)
    return (member.isfile() or member.isdir()) and not path.is_absolute() and ".." not in path.parts


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()
