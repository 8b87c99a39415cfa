"""Children: identity, household, addresses, contacts, and the grants that say who may see them."""
