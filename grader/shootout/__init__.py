"""A shootout: five servers under the same load, measured beside each other."""
