"""Lines of the log, for both servers and the desk: time, level, logger, talk, message; and no word of anybody in them.

Libraries put what they work on into their messages and errors („invalid literal for int(): 'Ich heiße …'“). So a message of
theirs is written as the text that stands in their source, before anything was put in, and of an error its kind and the
places in the code, never its own words. WEGWEISER_LOG_DETAILS=on writes all, for development only.
"""

from __future__ import annotations

import errno
import json
import linecache
import logging
import re
import sys
import time
import traceback
from contextvars import ContextVar
from pathlib import Path
from types import TracebackType

from bot.channels.options import key_of, keyed
from bot.settings import ROOT, Settings

# The talk whose turn it is, as Rasa names it; lines show a keyed hash of it.
talk: ContextVar[str] = ContextVar("talk", default="")
_OURS = "wegweiser"
# Names of events, as Rasa's structured messages have them: „processor.slots.log“.
_EVENT = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")
# Frames of an error that are shown: those in which it happened.
_FRAMES = 12


class Lines(logging.Formatter):
    """`key` hides the names of talks; `as_json` writes one object a line."""

    def __init__(self, key: bytes, as_json: bool = False, details: bool = False) -> None:
        super().__init__()
        self._key, self._json, self._details = key, as_json, details

    def format(self, record: logging.LogRecord) -> str:
        name = talk.get()
        line = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03}Z",
            "level": record.levelname,
            "logger": record.name,
            "talk": keyed(self._key, "log", name)[:12] if name else None,
            "message": self._message(record),
            "error": self._error(record),
        }
        if self._json:
            return json.dumps({key: value for key, value in line.items() if value is not None}, ensure_ascii=False)
        talk_shown = line["talk"] or "-"
        error = f" [{line['error']}]" if line["error"] else ""
        text = f"{line['time']} {line['level']} {line['logger']} {talk_shown} {line['message']}{error}"
        return text.replace("\n", "\n    ")

    def _message(self, record: logging.LogRecord) -> str:
        if self._details or record.name.split(".")[0] == _OURS:
            return record.getMessage()
        return told(record)

    def _error(self, record: logging.LogRecord) -> str | None:
        if not record.exc_info or record.exc_info[1] is None:
            return None
        if self._details:
            return "".join(traceback.format_exception(*record.exc_info))
        kinds: list[str] = []
        error: BaseException | None = record.exc_info[1]
        while error is not None and len(kinds) < 5:
            number = errno.errorcode.get(error.errno or 0) if isinstance(error, OSError) else None
            kinds.append(f"{type(error).__name__} {number}" if number else type(error).__name__)
            error = error.__cause__ or error.__context__
        return f"{' after '.join(kinds)} at {_places(record.exc_info[2])}"


def told(record: logging.LogRecord) -> str:
    """What a library says, as far as it stands in its source; else only where it says it."""
    message = record.msg if isinstance(record.msg, str) else ""
    where = f"(at {Path(record.pathname).name}:{record.lineno})"
    if message.startswith("{"):
        return f"{_event(message)} {where}"
    # With arguments the message is a template; without, somebody may have put words into it already.
    if record.args or (message and message in "".join(linecache.getlines(record.pathname))):
        return f"{message} {where}"
    return f"… {where}"


def _event(message: str) -> str:
    """The name of one of Rasa's structured messages."""
    try:
        event = json.loads(message).get("event", "")
    except (ValueError, AttributeError, RecursionError):
        return "…"
    return event if isinstance(event, str) and _EVENT.fullmatch(event) else "…"


def _places(trace: TracebackType | None) -> str:
    """The innermost places in the code, the last one where it happened."""
    frames = traceback.extract_tb(trace)[-_FRAMES:]
    return " > ".join(f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames)


def _short(file: str) -> str:
    path = Path(file)
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) and ".venv" not in path.parts else path.name


def configure(settings: Settings) -> None:
    """All loggers of this process write such lines to standard error, which `serve` leads to a file. Levels stay."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines(key_of(settings.data), settings.log_format == "json", settings.log_details == "on"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    for other in list(logging.Logger.manager.loggerDict.values()):
        # Sanic brings handlers of its own; a logger without any and without a parent writes everything raw.
        if isinstance(other, logging.Logger):
            other.handlers.clear()
            other.propagate = True
