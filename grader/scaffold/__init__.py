"""Files for the authors of exercises: a new stage, and the tables of its checks."""
