"""A class: finds what was handed in, grades it in many workers, keeps every verdict, and writes the gradebook.

The one who asked reads, decides and writes; workers only grade. What travels to them is bytes, what comes back is JSON.
"""
