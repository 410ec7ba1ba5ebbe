"""The tree of errors of the knowledge package.

KnowledgeError            anything that is wrong with the domain data or with a call into it
└── KnowledgeFault(s)     `BrokenKnowledge` carries every `Fault` that the check found, not only the first
"""

from __future__ import annotations

from dataclasses import dataclass


class KnowledgeError(Exception):
    """Base of every error that this package raises."""


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong in a data file, with the place and the way to mend it.

    `file` is relative to the data folder, `line` counts from 1.
    """

    file: str
    line: int
    wrong: str
    mend: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.wrong}. To mend: {self.mend}."


class BrokenKnowledge(KnowledgeError):
    """The data cannot be used. `faults` holds all of them, in the order of file and line."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))
