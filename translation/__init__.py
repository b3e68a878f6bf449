"""Authors' tools: what is said is extracted from the sources, catalogues are brought up to date and compiled."""
