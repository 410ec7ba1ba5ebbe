"""Rasa's own command line as we start it, `python -m bot.rasa run …`: without the libraries that it does not need and with the
actions inside, as the settings say."""

from __future__ import annotations

import argparse
import gc
import sys
from pathlib import Path
from typing import Any

from bot import libraries, tensorflow
from bot.settings import Settings
from knowledge import prepared


def main() -> None:
    settings = Settings.read()
    prepared.keep_in(settings.prepared)
    # Nothing of what is made while importing ever goes again; looking for it there takes a tenth of the start.
    gc.disable()
    lean = False
    if settings.tensorflow == "off":
        lean = settings.libraries == "needed" and _keep_out(sys.argv[1:])
        tensorflow.keep_out()
    # Imported only now: it is Rasa that imports TensorFlow.
    from rasa import telemetry
    from rasa.__main__ import main as rasa
    from rasa.utils import log_utils

    # Rasa's own also makes an id for the user in their home folder, whether or not the environment says no.
    telemetry.initialize_telemetry = telemetry.is_telemetry_enabled
    # It would tell Sentry of errors.
    log_utils.SentryProcessor = lambda **_: _pass_on

    # So are these, which change it.
    from bot import inside, speed

    speed.apply()
    if lean:
        speed.trust_model()
    if settings.actions == "inside":
        inside.apply()
    gc.freeze()
    gc.enable()
    rasa()


def _keep_out(arguments: list[str]) -> bool:
    """Only where Rasa runs a model: to learn one it needs more. False where everything is let in."""
    parser = argparse.ArgumentParser()
    parser.add_argument("command", nargs="?")
    for name in ("--model", "--endpoints", "--credentials"):
        parser.add_argument(name, type=Path)
    options, _ = parser.parse_known_args(arguments)
    if options.command != "run" or not (options.model and options.endpoints and options.credentials):
        return False
    needing = libraries.needing(options.model, options.endpoints, options.credentials)
    if needing:
        print(f"All libraries are let in, for: {', '.join(needing)}", file=sys.stderr)
    else:
        libraries.keep_out()
    return not needing


def _pass_on(_logger: Any, _method: str, event: Any) -> Any:
    """A step of structlog's that does nothing."""
    return event


if __name__ == "__main__":
    main()
