"""A stage played in real time: the learner's program in a process of its own, and a picture that grows as it goes.

`scene` says what is played; `stage` is the program that plays it, started by name, and `services` the shop that it
meets. `picture` makes lanes of what is told; `show` starts the processes and draws.
"""
