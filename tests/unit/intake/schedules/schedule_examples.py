"""Small schedules as other systems export them, for every import."""

import json
from typing import Any


def opsgenie(**changed: Any) -> str:
    """Weekly network people in London; days are Ann's and Bea's beside them, with an override."""
    schedule = {
        "id": "d875",
        "name": "Network on call",
        "timezone": "Europe/London",
        "enabled": True,
        "ownerTeam": {"id": "t1", "name": "Network"},
        "rotations": [
            {
                "id": "r1",
                "name": "Nights",
                "startDate": "2026-01-05T09:00:00Z",
                "type": "weekly",
                "length": 1,
                "participants": [
                    {"type": "user", "id": "u1", "username": "ann@example.org"},
                    {"type": "user", "id": "u2", "username": "bea@example.org"},
                    {"type": "user", "id": "u3", "username": "cem@example.org"},
                ],
            },
            {
                "id": "r2",
                "name": "Days",
                "startDate": "2026-01-05T00:00:00Z",
                "type": "daily",
                "participants": [
                    {"type": "user", "id": "u4", "username": "dov@example.org"},
                    {"type": "user", "id": "u5", "username": "eve@example.org"},
                ],
                "timeRestriction": {
                    "type": "weekday-and-time-of-day",
                    "restrictions": [
                        {
                            "startDay": day,
                            "startHour": 8,
                            "startMin": 30,
                            "endDay": day,
                            "endHour": 18,
                            "endMin": 0,
                        }
                        for day in ("monday", "tuesday", "wednesday", "thursday", "friday")
                    ],
                },
            },
        ],
        **changed,
    }
    overrides = [
        {
            "_parent": {"id": "d875", "name": "Network on call"},
            "alias": "o1",
            "user": {"type": "user", "id": "u2", "username": "bea@example.org"},
            "startDate": "2026-03-10T12:00:00Z",
            "endDate": "2026-03-11T12:00:00Z",
        }
    ]
    return json.dumps({"data": [schedule], "overrides": {"data": overrides}})


def pagerduty(**changed: Any) -> str:
    """A weekly layer under business hours of a daily one, in New York; the API lists it first."""
    schedule = {
        "id": "PI7DH85",
        "type": "schedule",
        "name": "Payments",
        "time_zone": "America/New_York",
        "schedule_layers": [
            {
                "id": "PF2",
                "name": "Business hours",
                "start": "2026-01-05T09:00:00-05:00",
                "end": None,
                "rotation_virtual_start": "2026-01-05T09:00:00-05:00",
                "rotation_turn_length_seconds": 86400,
                "users": [{"user": _pd("P1", "Ann")}, {"user": _pd("P2", "Bea")}],
                "restrictions": [
                    {
                        "type": "weekly_restriction",
                        "start_time_of_day": "09:00:00",
                        "duration_seconds": 28800,
                        "start_day_of_week": day,
                    }
                    for day in (1, 2, 3, 4, 5)
                ],
            },
            {
                "id": "PF1",
                "name": "Everything else",
                "start": "2026-01-05T09:00:00-05:00",
                "end": None,
                "rotation_virtual_start": "2025-12-29T09:00:00-05:00",
                "rotation_turn_length_seconds": 604800,
                "users": [{"user": _pd("P3", "Cem")}, {"user": _pd("P4", "Dov")}],
                "restrictions": [],
            },
        ],
        "overrides": [
            {
                "id": "PQ1",
                "start": "2026-03-07T00:00:00-05:00",
                "end": "2026-03-09T06:00:00-04:00",
                "user": _pd("P2", "Bea"),
            }
        ],
        **changed,
    }
    return json.dumps({"schedule": schedule})


def _pd(key: str, name: str) -> dict[str, str]:
    return {"id": key, "type": "user_reference", "summary": name}


def goalert(**changed: Any) -> str:
    """A weekly and a monthly rotation beside each other, rules, overrides, a temporary schedule."""
    data = {
        "schedule": {
            "id": "s1",
            "name": "Storage",
            "timeZone": "America/Chicago",
            "targets": [
                {
                    "target": {"id": "rot1", "type": "rotation", "name": "Weeks"},
                    "rules": [{"start": "00:00", "end": "00:00", "weekdayFilter": [True] * 7}],
                },
                {
                    "target": {"id": "rot2", "type": "rotation", "name": "Months"},
                    "rules": [
                        {
                            "start": "22:00",
                            "end": "06:00",
                            "weekdayFilter": [True, False, False, False, False, True, True],
                        }
                    ],
                },
                {
                    "target": {"id": "u5", "type": "user", "name": "Eve"},
                    "rules": [{"start": "12:00", "end": "13:00", "weekdayFilter": [True] * 7}],
                },
            ],
            "temporarySchedules": [
                {
                    "start": "2026-04-01T05:00:00Z",
                    "end": "2026-04-03T05:00:00Z",
                    "shifts": [
                        {
                            "userID": "u3",
                            "start": "2026-04-01T05:00:00Z",
                            "end": "2026-04-02T05:00:00Z",
                        }
                    ],
                }
            ],
        },
        "rotations": {
            "nodes": [
                {
                    "id": "rot1",
                    "name": "Weeks",
                    "type": "weekly",
                    "shiftLength": 1,
                    "start": "2026-01-05T15:00:00Z",
                    "timeZone": "America/Chicago",
                    "users": [{"id": "u1", "name": "Ann"}, {"id": "u2", "name": "Bea"}],
                    "activeUserIndex": 1,
                    "nextHandoffTimes": ["2026-03-02T15:00:00Z"],
                },
                {
                    "id": "rot2",
                    "name": "Months",
                    "type": "monthly",
                    "shiftLength": 1,
                    "start": "2026-01-15T18:00:00Z",
                    "timeZone": "America/Chicago",
                    "users": [{"id": "u3", "name": "Cem"}, {"id": "u4", "name": "Dov"}],
                },
            ]
        },
        "userOverrides": {
            "nodes": [
                {
                    "start": "2026-03-07T00:00:00Z",
                    "end": "2026-03-10T00:00:00Z",
                    "addUser": {"id": "u4", "name": "Dov"},
                    "removeUser": {"id": "u2", "name": "Bea"},
                },
                {
                    "start": "2026-03-12T00:00:00Z",
                    "end": "2026-03-13T00:00:00Z",
                    "addUser": None,
                    "removeUser": {"id": "u1", "name": "Ann"},
                },
            ]
        },
        **changed,
    }
    return json.dumps({"data": data})


def grafana(shifts: list[dict[str, Any]] | None = None, **changed: Any) -> str:
    """A weekly group rotation of two at a time under an override, in Berlin."""
    rolling = {
        "id": "O1",
        "name": "Weeks",
        "type": "rolling_users",
        "time_zone": None,
        "level": 0,
        "start": "2026-01-05T09:00:00",
        "duration": 604800,
        "frequency": "weekly",
        "interval": 1,
        "rolling_users": [["U1", "U2"], ["U3"]],
    }
    given = shifts or [rolling]
    return json.dumps(
        {
            "schedules": [
                {
                    "id": "S1",
                    "name": "Cloud",
                    "time_zone": "Europe/Berlin",
                    "shifts": [one["id"] for one in given],
                    **changed,
                }
            ],
            "on_call_shifts": {"results": given},
            "users": {
                "results": [
                    {"id": f"U{n}", "username": name, "email": f"{name.lower()}@example.org"}
                    for n, name in enumerate(("Ann", "Bea", "Cem", "Dov"), start=1)
                ]
            },
        }
    )


CALENDAR = "\r\n".join(
    (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Example//Rota//EN",
        "X-WR-CALNAME:Night watch",
        "X-WR-TIMEZONE:Europe/Paris",
        "BEGIN:VEVENT",
        "UID:1@example.org",
        "DTSTAMP:20260101T000000Z",
        "DTSTART;TZID=Europe/Paris:20260302T200000",
        "DTEND;TZID=Europe/Paris:20260303T080000",
        "RRULE:FREQ=DAILY;INTERVAL=2;COUNT=30",
        "EXDATE;TZID=Europe/Paris:20260306T200000",
        "SUMMARY:Ann Archer",
        "END:VEVENT",
        "BEGIN:VEVENT",
        "UID:1@example.org",
        "RECURRENCE-ID;TZID=Europe/Paris:20260308T200000",
        "DTSTAMP:20260101T000000Z",
        "DTSTART;TZID=Europe/Paris:20260308T220000",
        "DURATION:PT10H",
        "SUMMARY:Bea Bond",
        "END:VEVENT",
        "BEGIN:VEVENT",
        "UID:2@example.org",
        "DTSTAMP:20260101T000000Z",
        "DTSTART;VALUE=DATE:20260310",
        "DTEND;VALUE=DATE:20260312",
        "ATTENDEE;CN=Cem Can:mailto:Cem@Example.org",
        "SUMMARY:On call",
        "END:VEVENT",
        "BEGIN:VEVENT",
        "UID:3@example.org",
        "DTSTAMP:20260101T000000Z",
        "DTSTART:20260311T000000Z",
        "DTEND:20260312T000000Z",
        "STATUS:CANCELLED",
        "SUMMARY:Dov Dorn",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    )
)
