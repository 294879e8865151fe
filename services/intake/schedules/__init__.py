"""On-call schedules of other systems: read, compared, and written as rosters."""
