"""Rasa SDK actions: slots → knowledge → message. No rules of the domain in here.

The SDK finds the actions of this package by importing it.
"""

from actions.advise import AdviseAction

__all__ = ["AdviseAction"]
