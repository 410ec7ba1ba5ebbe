"""Understanding: spans and topics of a message, on spaCy; `knowledge` resolves them. Thin Rasa components on top."""

import sys

# spaCy's library thinc loads TensorFlow wherever it is installed: 3 s and 0.4 GB, of which we need nothing. So spaCy is
# loaded here, once, while TensorFlow looks absent; where Rasa has loaded it before, nothing is gained or lost.
if "tensorflow" not in sys.modules:
    sys.modules["tensorflow"] = None  # type: ignore[assignment]
    import spacy  # noqa: F401

    del sys.modules["tensorflow"]
