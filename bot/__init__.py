"""What Rasa runs, and the commands around it."""

__version__ = "0.1.0"
