"""What the assistant knows: the domain in plain Python, without Rasa, TensorFlow or spaCy.

knowledge = load()                       # or `store.current()` in a running assistant
advice = advise(Enquiry(topics=("costs_funding",), land="DE-NW"), knowledge)
for message in messages(advice, knowledge): …
"""

from knowledge.advice import advise
from knowledge.errors import BrokenKnowledge, Fault, KnowledgeError
from knowledge.loader import Knowledge, faults, load
from knowledge.message import Message, custom, messages
from knowledge.model import Advice, Enquiry

__all__ = [
    "Advice",
    "BrokenKnowledge",
    "Enquiry",
    "Fault",
    "Knowledge",
    "KnowledgeError",
    "Message",
    "advise",
    "custom",
    "faults",
    "load",
    "messages",
]
