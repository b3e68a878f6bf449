"""What the judge and the child say to each other, and how it travels."""
