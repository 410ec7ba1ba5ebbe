"""Reads a YAML file and remembers the line of every value, so that a fault can be shown where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from knowledge.errors import Fault

# libyaml parses ten times faster; a Python without it reads the same, slower.
_ALIAS = "this record is used again with an alias (*)"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, eq=False)
class YamlFile:
    """A parsed file: `name` relative to the data folder, `data` the content (None when it cannot be parsed)."""

    name: str
    data: Any
    faults: tuple[Fault, ...]
    _text: str = ""

    def line(self, path: Iterable[str | int]) -> int:
        """The line (from 1) of the value at `path`, or of its nearest parent that exists."""
        node = _tree(self._text) if self._text else None
        line = 1 if node is None else node.start_mark.line + 1
        for part in path:
            if isinstance(node, yaml.MappingNode):
                pair = next(((k, v) for k, v in node.value if k.value == part), None)
                if pair is None:
                    break
                line, node = pair[0].start_mark.line + 1, pair[1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
                node = node.value[part]
                line = node.start_mark.line + 1
            else:
                break
        return line


def read(path: Path, name: str) -> YamlFile:
    """Parse `path`. Never raises for bad content: what is wrong stands in `faults`, with its line."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return YamlFile(name, None, (Fault(name, 1, "the file is missing", "put it back (see git log)"),))
    except UnicodeDecodeError as error:
        mend = "save it as UTF-8"
        return YamlFile(name, None, (Fault(name, 1, f"the file is not UTF-8 (byte {error.start})", mend),))
    return _parse(text, name)


@lru_cache(maxsize=1)
def _tree(text: str) -> yaml.Node | None:
    """The nodes with their lines. Ten times as large as the data and only asked for by faults, so they are not kept."""
    node: yaml.Node | None = _Loader(text).get_single_node()
    return node


@lru_cache(maxsize=256)
def _parse(text: str, name: str) -> YamlFile:
    """Kept by content, so that after an edit only the file that changed is parsed again."""
    parser = _Loader(text)
    try:
        node = parser.get_single_node()
        data = parser.construct_document(node) if node is not None else None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problem = getattr(error, "problem", None) or "it cannot be read"
        fault = Fault(name, line, f"this is not YAML: {problem}", "look at indentation, quotes and colons near this line")
        return YamlFile(name, None, (fault,))
    except (ValueError, RecursionError, AttributeError) as error:
        # A date that no calendar has, a number of a thousand digits, lists in lists without end.
        problem = str(error).splitlines()[0] if str(error) else type(error).__name__
        fault = Fault(name, 1, f"a value cannot be read: {problem}", "write it in quotes, or undo the last edit")
        return YamlFile(name, None, (fault,))
    finally:
        parser.dispose()
    faults = tuple(_twice(node, name, set())) if node is not None else ()
    if any(fault.wrong == _ALIAS for fault in faults):
        return YamlFile(name, None, faults)
    return YamlFile(name, data, faults, text)


def _twice(node: yaml.Node, name: str, met: set[int]) -> Iterable[Fault]:
    """Keys that stand twice in one mapping: YAML silently keeps the last. And aliases: they can repeat a record a million
    times, or hold themselves. `met` are the nodes that were seen before."""
    if id(node) in met:
        yield Fault(name, node.start_mark.line + 1, _ALIAS, "write the record out where the * stands")
        return
    met.add(id(node))
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                wrong = f"„{key.value}“ stands twice in this record"
                yield Fault(name, key.start_mark.line + 1, wrong, "keep one of the two")
            seen.add(key.value if isinstance(key, yaml.ScalarNode) else id(key))
            yield from _twice(value, name, met)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _twice(item, name, met)
