"""Which editions of the programme there are: today's, and those of its documents. One is a folder of the data."""

from __future__ import annotations

from pathlib import Path

DATA = Path(__file__).parent / "data"
# Today's edition, and the setting that shows it beside that of the document.
TODAY, BOTH = "today", "both"


def editions(folder: Path = DATA) -> list[str]:
    """Their names, in `folder`."""
    below = folder / "editions"
    return sorted({TODAY, *(path.name for path in below.iterdir() if path.is_dir())} if below.is_dir() else {TODAY})
