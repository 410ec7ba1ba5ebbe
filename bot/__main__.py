"""The commands: `./wegweiser COMMAND`. Each command is a module of bot.commands, loaded only when it is called."""

from __future__ import annotations

import argparse
import importlib
import os
import sys

from bot import __version__
from bot.archive import ModelRefused
from bot.settings import Settings, SettingsError
from knowledge import prepared
from knowledge.errors import BrokenKnowledge

# Command → what it does, in plain words. The module bot.commands.<name> has `arguments(parser)` and `run(options)`.
COMMANDS = {
    "serve": "start the assistant; prints the address of its page",
    "chat": "talk with the assistant in the terminal",
    "ask": "ask one question",
    "train": "train the model for the present data",
    "prescreen": "sort and route many enquiries at once",
    "desk": "start the desk, where counsellors sort enquiries and take over talks",
    "stats": "draw what the talks were about, as pictures and tables",
    "review": "teach: label what was unsure, export it as training sentences",
    "privacy": "export or delete what is kept of a talk; delete what is old",
    "knowledge": "check the knowledge (offices, facts, texts)",
    "channels": "see whether a messenger is set up rightly",
    "doctor": "check this installation; says what to mend",
    "eval": "measure how well questions are understood and routed",
    "bench": "measure speed and memory beside Rasa's default bot",
    "test": "run everything that checks the project",
}
GOOD, FINDING, WRONG_CALL = 0, 1, 2


def main(arguments: list[str] | None = None) -> int:
    """Run one command. Returns 0 when good, 1 for a finding, 2 for a wrong call."""
    arguments = sys.argv[1:] if arguments is None else arguments
    parser = argparse.ArgumentParser(
        prog="wegweiser",
        description="A German counselling assistant for the recognition of foreign professional qualifications.",
        epilog="wegweiser COMMAND --help tells more about a command.",
    )
    parser.add_argument("--version", action="version", version=f"wegweiser {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name, text in COMMANDS.items():
        command = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        if name in arguments[:1]:
            importlib.import_module(f"bot.commands.{name}").arguments(command)
    options = parser.parse_args(arguments)
    if options.command is None:
        parser.print_help()
        return GOOD
    try:
        prepared.keep_in(Settings.read().prepared)
        return int(importlib.import_module(f"bot.commands.{options.command}").run(options))
    except (SettingsError, BrokenKnowledge, ModelRefused) as error:
        print(error, file=sys.stderr)
        return WRONG_CALL if isinstance(error, SettingsError) else FINDING
    except KeyboardInterrupt:
        return GOOD
    except BrokenPipeError:
        # The reader of our output (`| head`) has gone; nothing is wrong, and Python must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return GOOD


if __name__ == "__main__":
    sys.exit(main())
