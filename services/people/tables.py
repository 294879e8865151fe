"""Tables of people, teams and how people are reached."""

import sqlalchemy as sa

from services.core.tables import table_for
from services.people.contact import ContactMethod, NotificationRule
from services.people.person import Person, PersonRole, Team, TeamMember

metadata = sa.MetaData()

person = table_for(Person, metadata, unique=[("login",)])
team = table_for(Team, metadata, unique=[("name",)])
team_member = table_for(TeamMember, metadata, unique=[("team_id", "person_id")])
person_role = table_for(PersonRole, metadata, unique=[("person_id", "role")])
contact_method = table_for(
    ContactMethod, metadata, indexes=[sa.Index("contact_of_person", "person_id")]
)
notification_rule = table_for(
    NotificationRule, metadata, indexes=[sa.Index("rule_of_person", "person_id")]
)
