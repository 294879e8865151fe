"""Pages on the desk: on the record, as an alarm, and before they are sent."""
