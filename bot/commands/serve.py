"""wegweiser serve"""

from __future__ import annotations

import argparse
import signal
import sys

from bot import model
from bot.server import Assistant, ServerFailed
from bot.settings import Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=5005, help="port of the assistant (default: 5005)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1, this machine only)")


def run(options: argparse.Namespace) -> int:
    signal.signal(signal.SIGTERM, _stop)
    print("Starting …", file=sys.stderr, flush=True)
    try:
        with Assistant(Settings.read(), options.host, options.port) as assistant:
            print(f"The assistant is ready: {assistant.url}/demo/   (stop with Ctrl-C)", flush=True)
            assistant.wait()
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
    except (ServerFailed, model.TrainingFailed, model.ModelRefused) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _stop(*_: object) -> None:
    raise KeyboardInterrupt
