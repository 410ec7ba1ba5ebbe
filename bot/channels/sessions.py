"""Sessions of the website: who talks is what we signed, so that nobody can go on with somebody else's talk."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from typing import Any

import jwt

from bot.channels.keyfile import key
from bot.channels.refused import Refused
from bot.settings import Settings

_ALGORITHM = "HS256"
# The talk so far, as the page without JavaScript carries it: signed too, but no session.
_PAGE = "page"


@dataclass(frozen=True)
class Session:
    """`sender` is the talk's name inside Rasa; `renewed` a younger token where the present one is past half of its life."""

    sender: str
    renewed: str | None = None


class Sessions:
    """Makes and reads the tokens. The key lies in the data folder, so that a restart ends no talk."""

    def __init__(self, settings: Settings) -> None:
        self._key = key(settings.data)
        self._life = 60 * settings.session_minutes

    def begin(self) -> str:
        """The token of a new talk."""
        return self._sign({"sub": uuid.uuid4().hex})

    def read(self, token: Any) -> Session:
        """The session behind a token. Raises Refused (401) for one that is not ours or too old."""
        claims = self._claims(token)
        sender = str(claims["sub"])
        old = claims["exp"] - time.time() < self._life / 2
        return Session(sender, self._sign({"sub": sender}) if old else None)

    def sign_page(self, sender: str, said: list[dict[str, Any]]) -> str:
        """The talk so far, for a hidden field."""
        return self._sign({"sub": sender, "aud": _PAGE, "said": said})

    def read_page(self, token: Any) -> tuple[str, list[dict[str, Any]]]:
        """Sender and talk out of a hidden field. Raises Refused (401)."""
        claims = self._claims(token, audience=_PAGE)
        return str(claims["sub"]), list(claims.get("said") or [])

    def _sign(self, claims: dict[str, Any]) -> str:
        return str(jwt.encode(claims | {"exp": int(time.time()) + self._life}, self._key, _ALGORITHM))

    def _claims(self, token: Any, audience: str | None = None) -> dict[str, Any]:
        try:
            required = {"require": ["sub", "exp"]}
            return dict(jwt.decode(str(token), self._key, [_ALGORITHM], options=required, audience=audience))
        # The library looks into a token before it knows who signed it: half a character, or brackets in brackets.
        except (jwt.InvalidTokenError, UnicodeError, RecursionError) as error:
            raise Refused(401, "bad_session", "bad_session") from error
