"""What is asked around a major incident; each dialog emits the command it leads to."""
