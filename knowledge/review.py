"""What an editor should look at: texts that are not plain, texts that differ from their records, records that grow old.

Nothing of it stops the assistant; what does stop it is in check.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from knowledge import files, loader, plain, wording
from knowledge.editions import DATA, TODAY
from knowledge.errors import Fault
from knowledge.loader import Knowledge
from knowledge.yamlfile import YamlFile

# Months after which a record should be read again at its source.
OLD = 24
_DATED = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-\d{2})?$")


def texts(knowledge: Knowledge) -> dict[str, str]:
    """Every text that people read, by the place where it stands; answers without the parts that are filled in."""
    found: dict[str, str] = {}
    for answers in knowledge.answers.values():
        found |= {f"answers/{answer.topic}.yml {answer.id}": f"{answer.answer} {answer.next}" for answer in answers}
    found |= {f"glossary.yml {term.id}": term.text for term in knowledge.glossary.terms}
    found |= {f"warnings.yml {warning.id}": warning.text for warning in knowledge.warnings}
    found |= {f"texts.yml {name}": text for name, text in knowledge.texts.items()}
    return found


def plainness(knowledge: Knowledge) -> list[plain.Finding]:
    """Everything that is not plain in the texts, the hard findings first."""
    found = [
        finding
        for where, text in texts(knowledge).items()
        for finding in plain.findings(where, text, knowledge.glossary.explains)
    ]
    return sorted(found, key=lambda finding: not finding.hard)


def differences(folder: Path = DATA) -> list[Fault]:
    """Figures, numbers and addresses in texts that no record has. The data must be sound."""
    return sorted(wording.differences(files.read_all(folder)[0]))


def outdated(today: date, months: int = OLD, folder: Path = DATA) -> list[Fault]:
    """Records whose date lies more than `months` before `today`; the dated layer of a programme document is left out."""
    return sorted(_outdated(files.read_all(folder)[0], today, months))


def _outdated(read: dict[str, YamlFile], today: date, months: int) -> Iterator[Fault]:
    for name, file in read.items():
        if name.startswith("editions/") and f"/{TODAY}/" not in name:
            continue
        for path, record in _records(file.data, ()):
            year, month = _last(str(record["as_of"]))
            age = (today.year - year) * 12 + today.month - month if year else 0
            if age > months and record.get("certainty") in ("confirmed", "reported", "derived"):
                wrong = f"„{record.get('id', '')}“ is of {record['as_of']}, {age} months old"
                yield Fault(name, file.line((*path, "as_of")), wrong, "read its source again, and correct the date")


def _records(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], dict[str, Any]]]:
    if isinstance(value, dict):
        if value.get("as_of"):
            yield path, value
        for name, inner in value.items():
            yield from _records(inner, (*path, name))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from _records(inner, (*path, i))


def _last(as_of: str) -> tuple[int, int]:
    """Year and month of the date, of a span its end; December where no month is said, (0, 12) where it is no date."""
    found = _DATED.search(as_of)
    if not found:
        return 0, 12
    month = int(found.group(2) or 12)
    # „2015-18“ cannot be told from a month, and does not occur; „2023-2025“ ends with a year.
    return int(found.group(1)), month


def addresses(folder: Path = DATA) -> list[str]:
    """Every https address that people are sent to."""
    knowledge = loader.load(folder)
    return sorted({contact.url for contact in knowledge.contacts.values() if contact.url})
