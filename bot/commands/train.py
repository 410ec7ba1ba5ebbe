"""wegweiser train"""

from __future__ import annotations

import argparse

from bot import model
from bot.settings import Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--force", action="store_true", help="train even if the model for the present data exists")


def run(options: argparse.Namespace) -> int:
    settings = Settings.read()
    try:
        made = model.train(settings) if options.force else model.ensure(settings)
    except model.TrainingFailed as error:
        print(f"The training failed:\n{error}")
        return 1
    except model.ModelRefused as error:
        print(error)
        return 1
    print(made)
    return 0
