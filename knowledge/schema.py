"""Checks a YAML file against its part of `data/schema.json` and says in plain words what is wrong and how to mend it."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from knowledge.errors import Fault
from knowledge.yamlfile import YamlFile

SCHEMA = Path(__file__).parent / "data" / "schema.json"


@lru_cache(maxsize=64)
def _validator(part: str) -> Draft202012Validator:
    whole = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return Draft202012Validator({"$defs": whole["$defs"], "$ref": f"#/$defs/{part}"})


@lru_cache(maxsize=256)
def faults(file: YamlFile, part: str) -> tuple[Fault, ...]:
    """All faults of `file` against the definition `part` of the schema; none if the file could not be parsed at all."""
    if file.data is None and file.faults:
        return ()
    errors = _validator(part).iter_errors(file.data)
    return tuple(Fault(file.name, file.line(error.absolute_path), *_explain(error)) for error in errors)


def _explain(error: ValidationError) -> tuple[str, str]:
    where = ".".join(str(part) for part in error.absolute_path) or "the file"
    schema: dict[str, Any] = error.schema if isinstance(error.schema, dict) else {}
    limit: Any = error.validator_value
    value: Any = error.instance
    rule, help_text = error.validator, schema.get("description", "")
    if rule == "required":
        missing = [name for name in limit if name not in value]
        return f"{where} lacks {', '.join(missing)}", f"add {missing[0]}: {_help(schema, missing[0])}"
    if rule == "additionalProperties":
        unknown = [name for name in value if name not in schema.get("properties", {})]
        known = ", ".join(schema.get("properties", {}))
        return f"{where} has the unknown key {', '.join(map(str, unknown))}", f"use one of: {known}"
    if rule == "type":
        return f"{where} is {_kind(value)}, not {_kinds(limit)}", help_text or f"write {_kinds(limit)} here"
    if rule == "enum":
        return f"{where} is „{value}“", f"use one of: {', '.join(map(str, limit))}"
    if rule == "pattern":
        return f"{where} is „{value}“, which has the wrong form", help_text or f"it must match {limit}"
    if rule in ("minLength", "minItems"):
        return f"{where} is empty", help_text or "fill it in"
    if rule == "maxLength":
        return f"{where} has {len(value)} characters, more than {limit}", "shorten it, or make two records of it"
    return f"{where}: {error.message}", help_text or "see schema.json"


def _help(schema: dict[str, Any], name: str) -> str:
    return str(schema.get("properties", {}).get(name, {}).get("description", "see schema.json"))


def _kind(value: Any) -> str:
    names = {bool: "true/false", int: "a number", float: "a number", str: "text", list: "a list", dict: "a record"}
    return "empty" if value is None else names.get(type(value), f"a {type(value).__name__}")


def _kinds(limit: str | list[str]) -> str:
    names = {
        "string": "text (put it in quotes)",
        "null": "empty",
        "array": "a list",
        "object": "a record",
        "integer": "a whole number",
        "boolean": "true or false",
    }
    return " or ".join(names.get(kind, kind) for kind in ([limit] if isinstance(limit, str) else limit))
