"""What several cases use."""
