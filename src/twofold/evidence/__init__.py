"""What can be proved afterwards: entries, and later the log that makes them unchangeable."""
