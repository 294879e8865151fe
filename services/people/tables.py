"""Tables of people and teams."""

import sqlalchemy as sa

from services.core.tables import table_for
from services.people.person import Person, PersonRole, Team, TeamMember

metadata = sa.MetaData()

person = table_for(Person, metadata, unique=[("login",)])
team = table_for(Team, metadata, unique=[("name",)])
team_member = table_for(TeamMember, metadata, unique=[("team_id", "person_id")])
person_role = table_for(PersonRole, metadata, unique=[("person_id", "role")])
