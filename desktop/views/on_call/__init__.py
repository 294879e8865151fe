"""On-call: who is on call when, who comes next, and where nobody is."""
