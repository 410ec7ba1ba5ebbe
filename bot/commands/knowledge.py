"""wegweiser knowledge check [PATH]"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from knowledge import faults, files


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    check = actions.add_parser("check", help="find everything that is wrong in the data: file, line, how to mend it")
    check.add_argument("path", nargs="?", type=Path, default=files.DATA, help="a folder of data (default: the assistant's own)")


def run(options: argparse.Namespace) -> int:
    if not options.path.is_dir():
        print(f"There is no folder {options.path}.", file=sys.stderr)
        return 2
    found = faults(options.path)
    for fault in found:
        print(fault)
    print(f"{len(found)} faults." if found else "The knowledge is sound.")
    return 1 if found else 0
