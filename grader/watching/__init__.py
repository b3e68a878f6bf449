"""The learner's hour: a file is saved, its stage is graded by a warm process, and the screen says what came of it.

`session` decides: a pure function from a state and an event to a state and commands. `screen` lays a state out.
`shell` carries commands out: the terminal, the files and the warm process are at its rim.
"""
