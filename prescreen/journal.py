"""What is done already, on disk: one result a line, in order, only ever added to. A killed run goes on from here.

Beside the output `OUT` stand, while it is made, `OUT.part` (the results so far) and `OUT.run` (what the run is about).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from prescreen.items import InputError


class OtherRun(InputError):
    """A half-done run stands beside the output, and it was about something else."""


class Journal:
    """The results of the run `about` (JSON-friendly: input, options, model, knowledge) for `output`. A context manager."""

    def __init__(self, output: Path, about: dict[str, Any], fresh: bool = False) -> None:
        self.part = output.with_name(output.name + ".part")
        self._run = output.with_name(output.name + ".run")
        self._about = about
        self._fresh = fresh
        self.done = 0
        self.failed = 0
        self._file: BinaryIO | None = None

    def __enter__(self) -> Journal:
        text = json.dumps(self._about, sort_keys=True, ensure_ascii=False)
        if self._fresh or not self._run.exists() or not self.part.exists():
            self.part.unlink(missing_ok=True)
            self._run.write_text(text, encoding="utf-8")
        else:
            self._resume()
        self._file = self.part.open("ab")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._file:
            self._file.close()

    def add(self, lines: list[str]) -> None:
        """Write results (JSON, one a string) and hand them to the system: after this a kill cannot lose them."""
        assert self._file is not None
        self._file.write("".join(f"{line}\n" for line in lines).encode("utf-8", "replace"))
        self._file.flush()
        self.done += len(lines)
        self.failed += sum(not _is_sound(line) for line in lines)

    def sync(self) -> None:
        """Have everything on the disk itself."""
        assert self._file is not None
        self._file.flush()
        os.fsync(self._file.fileno())

    def remove(self) -> None:
        """Take both files away, once the output is there."""
        self._run.unlink(missing_ok=True)
        self.part.unlink(missing_ok=True)

    def _resume(self) -> None:
        try:
            before = json.loads(self._run.read_text(encoding="utf-8"))
        except ValueError:
            before = {}
        other = [name for name, value in self._about.items() if before.get(name) != value]
        if other:
            hint = "Give --fresh to begin anew, or run it as before to go on."
            raise OtherRun(f"{self.part.name} is the half-done work of a run with another {', '.join(other)}. {hint}")
        whole = 0
        with self.part.open("rb") as file:
            for line in file:
                # A kill in the middle of a write leaves half a line behind: it is done again.
                if not line.endswith(b"\n"):
                    break
                whole += len(line)
                self.done += 1
                self.failed += not _is_sound(line.decode())
        os.truncate(self.part, whole)


def _is_sound(line: str) -> bool:
    # `error` is the last field, and quotes inside values are escaped: no need to read the whole object.
    return line.rstrip().endswith('"error": null}')


def results(part: Path) -> Iterator[dict[str, Any]]:
    """The results of a journal, one at a time."""
    with part.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def about_input(source: str) -> dict[str, Any]:
    """What tells whether the input is still the same: path, size and time of its files."""
    path = Path(source)
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    stamps = [(file.name, file.stat().st_size, file.stat().st_mtime_ns) for file in files if file.is_file()]
    return {"input": [str(path.resolve()), len(stamps), hash_of(stamps)]}


def hash_of(value: object) -> str:
    """A short name for any JSON-friendly value."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]
