"""Tables of the service catalogue."""

import sqlalchemy as sa

from services.catalogue.service import BusinessService, Category, Product
from services.core.tables import table_for

metadata = sa.MetaData()

business_service = table_for(BusinessService, metadata, unique=[("name",)])
product = table_for(Product, metadata, unique=[("name",)])
category = table_for(Category, metadata, unique=[("parent_id", "name")])
