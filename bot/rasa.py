"""Rasa's own command line as we start it: `python -m bot.rasa run …`, without TensorFlow unless the setting lets it in."""

from __future__ import annotations

from bot import tensorflow
from bot.settings import Settings


def main() -> None:
    if Settings.read().tensorflow == "off":
        tensorflow.keep_out()
    # Imported only now: it is Rasa that imports TensorFlow.
    from rasa.__main__ import main as rasa

    rasa()


if __name__ == "__main__":
    main()
