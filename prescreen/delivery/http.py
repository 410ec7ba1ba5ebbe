"""What the ways over HTTP share: one request, no redirects, short patience, failures told without content."""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import urlsplit

import requests

from prescreen.delivery.message import DeliveryFailed

# Seconds to connect, and to wait for an answer.
_PATIENCE = (5, 15)
# Answers after which the same request may succeed later: too many requests, time-outs.
_LATER = {408, 425, 429}


def checked(url: object) -> str:
    """`url` without a slash at its end. Raises ValueError unless it is https, or http on this machine."""
    parts = urlsplit(str(url))
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and local(parts.hostname))):
        raise ValueError(f"url is „{url}“; it must begin with https://, or http:// on this machine")
    return str(url).rstrip("/")


def local(host: str) -> bool:
    """Whether `host` is this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def call(method: str, url: str, headers: dict[str, str], **content: Any) -> Any:
    """The JSON that the other side answers (None for an empty answer). Raises DeliveryFailed."""
    try:
        # Redirects are not followed: the address was chosen with care, another was not.
        answer = requests.request(method, url, headers=headers, timeout=_PATIENCE, allow_redirects=False, **content)
    except requests.RequestException as error:
        raise DeliveryFailed(f"no answer ({type(error).__name__})") from error
    if not 200 <= answer.status_code < 300:
        final = 400 <= answer.status_code < 500 and answer.status_code not in _LATER
        raise DeliveryFailed(f"answer {answer.status_code}", final)
    try:
        return answer.json() if answer.content else None
    except requests.JSONDecodeError:
        return None


def number(answer: Any, *path: str) -> int:
    """The number at `path` of a JSON answer. Raises DeliveryFailed where there is none."""
    return int(_at(answer, path, int))


def text(answer: Any, *path: str) -> str:
    """The text at `path` of a JSON answer. Raises DeliveryFailed where there is none."""
    return str(_at(answer, path, str))


def _at(answer: Any, path: tuple[str, ...], kind: type) -> Any:
    for name in path:
        answer = answer.get(name) if isinstance(answer, dict) else None
    if not isinstance(answer, kind):
        raise DeliveryFailed(f"the answer has no „{'.'.join(path)}“", final=True)
    return answer


def known(reference: str) -> str:
    """`reference`. Raises DeliveryFailed where there is none, since then only a person can find what to delete."""
    if not reference:
        raise DeliveryFailed("a try was broken off; please look for the code there and delete by hand", final=True)
    return reference


def gone(failure: DeliveryFailed) -> bool:
    """Whether the other side says that there is nothing (any more)."""
    return str(failure) in ("answer 404", "answer 410")
