"""The walls round a child: each layer in a file of its own, and the words in which a report names those that hold."""
