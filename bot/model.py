"""The trained model: which one belongs to the present data, how it is made, and the topic model inside it."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import tarfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bot import archive as archives
from bot.archive import ModelRefused
from bot.settings import ROOT, Settings

if TYPE_CHECKING:
    from bot.nlu.understanding import Understander
    from knowledge.loader import Knowledge

# All that a trained model depends on; a change in any of them asks for a new one.
_INPUTS = (
    "config.yml",
    "bot/domain.yml",
    "bot/data",
    "bot/nlu",
    "knowledge/text.py",
    "knowledge/concepts.py",
    "knowledge/data/concepts.yml",
)
_TOPICS = "topics.zip"
__all__ = ["ModelRefused", "TrainingFailed", "ensure", "environment", "path", "quiet", "train", "understander"]


class TrainingFailed(RuntimeError):
    """Rasa could not train; the message holds the end of what it printed."""


def quiet() -> dict[str, str]:
    """The environment of this process, and in it Rasa is quiet, phones nobody and computes in one thread."""
    # A message is a few rows of numbers: threads for them wait for each other longer than they compute.
    defaults = {"OPENBLAS_NUM_THREADS": "1", "LOG_LEVEL": "WARNING"}
    return {
        **defaults,
        **os.environ,
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTHONWARNINGS": "ignore",
        # Who asks for distutils gets Python's own instead of the whole of setuptools.
        "SETUPTOOLS_USE_DISTUTILS": "stdlib",
        "PYTHONUNBUFFERED": "1",
        "LOG_LEVEL_LIBRARIES": "ERROR",
    }


def environment(settings: Settings, action_port: int | None = None) -> dict[str, str]:
    """The environment in which Rasa is quiet and finds the settings of this assistant."""
    settings.data.mkdir(parents=True, exist_ok=True)
    ours = {
        "SANIC_HOST": "127.0.0.1",
        "SANIC_PROXIES_COUNT": str(settings.proxies),
        "SANIC_FALLBACK_ERROR_FORMAT": "json",
        "WEGWEISER_TRACKER_DB": os.environ.get("WEGWEISER_TRACKER_DB", str(settings.data / "talks.db")),
        "WEGWEISER_TENSORFLOW": settings.tensorflow,
        "WEGWEISER_LIBRARIES": settings.libraries,
        "WEGWEISER_ACTIONS": settings.actions,
        "WEGWEISER_ACTION_PORT": str(action_port or settings.action_port or 5055),
    }
    return quiet() | ours


def path(settings: Settings) -> Path:
    """Where the model for the present data is, or will be."""
    return settings.models / f"wegweiser-{_fingerprint()}.tar.gz"


def ensure(settings: Settings) -> Path:
    """The model for the present data; trains it when there is none, or none of a known hash. Raises ModelRefused for one
    that is not as it was trained, and TrainingFailed."""
    found = path(settings)
    # One without a hash comes from an older version or from nobody knows where: it is not believed, but made anew.
    if not found.exists() or not archives.seal_of(found).exists():
        train(settings)
    archives.check(found)
    return found


def train(settings: Settings) -> Path:
    """Train, with one line of progress on standard error. Raises TrainingFailed."""
    made = path(settings)
    settings.models.mkdir(parents=True, exist_ok=True)
    # Written under another name first: a killed training must not leave half a model that looks whole.
    draft = f"draft-{os.getpid()}"
    command = [
        sys.executable,
        "-m",
        "bot.rasa",
        "train",
        "--config",
        "config.yml",
        "--domain",
        "bot/domain.yml",
        "--data",
        "bot/data",
    ]
    command += ["--out", str(settings.models), "--fixed-model-name", draft]
    with _Progress("Training the model"):
        done = subprocess.run(
            command, cwd=ROOT, env=environment(settings), capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
    archive = settings.models / f"{draft}.tar.gz"
    if done.returncode or not archive.exists():
        archive.unlink(missing_ok=True)
        raise TrainingFailed((done.stdout + done.stderr)[-3000:])
    # The hash first: a process that is killed between the two leaves a hash without its model, which is trained again.
    archives.seal(archive, made.name)
    archive.replace(made)
    return made


def understander(model: Path, knowledge: Knowledge) -> Understander:
    """The understanding inside the model, without loading Rasa. Raises ModelRefused."""
    from bot.nlu.topics import TopicModel
    from bot.nlu.understanding import Understander

    archives.check(model)
    with tarfile.open(model) as archive:
        member = next(name for name in archive.getnames() if name.endswith(f"/{_TOPICS}"))
        file = archive.extractfile(member)
        assert file is not None
        content = io.BytesIO(file.read())
    return Understander(TopicModel.load(content, knowledge.lexicon), knowledge)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for name in _INPUTS:
        place = ROOT / name
        for file in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if file.is_file() and file.suffix in (".py", ".yml"):
                digest.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]


class _Progress:
    """One line that counts the seconds, on a terminal; two plain lines elsewhere."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._count, daemon=True)

    def __enter__(self) -> None:
        self._start = time.monotonic()
        if not sys.stderr.isatty():
            print(f"{self._what} (about a minute) …", file=sys.stderr, flush=True)
        self._thread.start()

    def _count(self) -> None:
        while sys.stderr.isatty() and not self._done.wait(0.5):
            print(f"\r{self._what} … {time.monotonic() - self._start:.0f} s", end="", file=sys.stderr, flush=True)

    def __exit__(self, *_: object) -> None:
        self._done.set()
        start = "\r" if sys.stderr.isatty() else ""
        print(f"{start}{self._what}: {time.monotonic() - self._start:.0f} s.", file=sys.stderr, flush=True)
