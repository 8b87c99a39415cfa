"""Outreach: follow every young child who is not enrolled in, or rarely at, nursery school until the child takes part."""
