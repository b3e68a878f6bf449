"""What all messages are: frozen typed values, told apart by the name of their class."""

import msgspec


class Message(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """Base of all messages."""
