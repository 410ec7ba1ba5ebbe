"""wegweiser privacy export|delete|retain"""

from __future__ import annotations

import argparse
import json
import sys

from bot.settings import Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    tasks = parser.add_subparsers(dest="task", metavar="TASK", required=True)
    for name, text in (("export", "print all that is kept of a talk"), ("delete", "remove all that is kept of a talk")):
        task = tasks.add_parser(name, help=text)
        task.add_argument("--conversation", required=True, metavar="CODE", help="code of the handover, or id of the talk")
    tasks.add_parser("retain", help="remove what is older than WEGWEISER_RETENTION_DAYS; for a daily timer")


def run(options: argparse.Namespace) -> int:
    """Exit code 1 when nothing is kept of the talk."""
    from bot import desk
    from bot.tracker import NoTalks

    settings = Settings.read()
    try:
        privacy = desk.privacy(settings)
    except NoTalks as error:
        print(error, file=sys.stderr)
        return 1
    if options.task == "retain":
        _print(privacy.retain(settings.retention_days).counts)
        return 0
    conversation = privacy.conversation(options.conversation.strip())
    if conversation is None:
        print("Nothing is kept of this talk.", file=sys.stderr)
        return 1
    if options.task == "export":
        print(json.dumps(privacy.export(conversation), ensure_ascii=False, indent=2))
    else:
        _print(privacy.delete(conversation).counts)
    return 0


def _print(counts: dict[str, int]) -> None:
    print("Removed: " + ", ".join(f"{count} {name}" for name, count in counts.items()) + ".")
