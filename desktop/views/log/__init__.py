"""Log incident: the page on which a report becomes an incident."""
