"""Keys of this installation: made once, kept beside the talks, readable by the owner alone."""

from __future__ import annotations

import contextlib
import secrets
from pathlib import Path

SESSIONS, MESSENGERS = "session.key", "messengers.key"


def key(folder: Path, name: str = SESSIONS) -> str:
    """The key in the file `name` (64 hex digits), made now if there is none. A restart, and a second process, read the same."""
    path = folder / name
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_hex(32), encoding="ascii")
        # A link is made whole or not at all: two processes that start together end with the same key.
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text(encoding="ascii")
