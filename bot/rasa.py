"""Rasa's own command line as we start it, `python -m bot.rasa run …`: without TensorFlow and with the actions inside, as the
settings say."""

from __future__ import annotations

import gc

from bot import tensorflow
from bot.settings import Settings


def main() -> None:
    settings = Settings.read()
    # Nothing of what is made while importing ever goes again; looking for it there takes a tenth of the start.
    gc.disable()
    if settings.tensorflow == "off":
        tensorflow.keep_out()
    # Imported only now: it is Rasa that imports TensorFlow.
    from rasa.__main__ import main as rasa

    if settings.actions == "inside":
        from bot import inside

        inside.apply()
    gc.freeze()
    gc.enable()
    rasa()


if __name__ == "__main__":
    main()
