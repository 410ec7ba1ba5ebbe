"""wegweiser knowledge check [PATH] [--online] [--texts] [--older-than MONTHS]"""

from __future__ import annotations

import argparse
import sys
import urllib.error
import urllib.request
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

from knowledge import faults, loader, plain, review
from knowledge.editions import DATA

_PATIENCE = 10  # seconds for one address
_AT_ONCE = 8
# Notes of one kind that are shown without --texts.
_SHOWN = 5


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    check = actions.add_parser("check", help="find everything that is wrong in the data: file, line, how to mend it")
    check.add_argument("path", nargs="?", type=Path, default=DATA, help="a folder of data (default: the assistant's own)")
    check.add_argument("--texts", action="store_true", help="show every note on plain language and age, not only the first")
    check.add_argument(
        "--online", action="store_true", help="also ask every address that people are sent to whether it answers"
    )
    check.add_argument(
        "--older-than", type=int, default=review.OLD, metavar="MONTHS", help="age at which a record should be read again"
    )


def run(options: argparse.Namespace) -> int:
    folder = options.path
    if not folder.is_dir():
        print(f"There is no folder {folder}.", file=sys.stderr)
        return 2
    found = faults(folder)
    if found:
        _show(found, "faults that stop the assistant")
        return 1
    knowledge = loader.load(folder)
    remarks = review.plainness(knowledge)
    hard = [remark for remark in remarks if remark.hard]
    wrong = review.differences(folder)
    dead = _dead(review.addresses(folder)) if options.online else []
    shown = None if options.texts else _SHOWN
    _show(wrong, "texts that differ from their records")
    _show(hard, "texts over the limits of plain language")
    _show([remark for remark in remarks if not remark.hard], "notes on plain language", shown)
    _show(review.outdated(date.today(), options.older_than, folder), "records to read again", shown)
    _show(dead, "addresses that do not answer")
    print(plain.measure(list(review.texts(knowledge).values())))
    print("The knowledge is sound." if not (wrong or hard or dead) else "The assistant runs; please mend what stands above.")
    return 1 if wrong or hard or dead else 0


def _show(found: Iterable[object], title: str, most: int | None = None) -> None:
    lines = [str(line) for line in found]
    if not lines:
        return
    print(f"{len(lines)} {title}:")
    for line in lines[:most]:
        print(f"  {line}")
    if most is not None and len(lines) > most:
        print("  … all of them with --texts")


def _dead(addresses: list[str]) -> list[str]:
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = pool.map(_problem, addresses)
    return [f"{address}: {problem}" for address, problem in zip(addresses, answers) if problem]


def _problem(address: str) -> str | None:
    """Why the address does not answer; None when it does. Addresses come from our own checked records."""
    request = urllib.request.Request(address, headers={"User-Agent": "wegweiser knowledge check"})
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE) as response:
            return None if response.url.startswith("https://") else f"leads to {response.url}, which is not https"
    except urllib.error.HTTPError as error:
        return f"answers {error.code}"
    except OSError as error:
        return str(getattr(error, "reason", error))
