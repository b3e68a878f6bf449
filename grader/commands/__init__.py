"""One module per command of the console script: each holds a click command called `command`.

Putting a module here is all it takes. It is imported when it is asked for, so that help and usage errors need no
pytest; what a command needs is imported inside it, or lies behind one call.
"""
