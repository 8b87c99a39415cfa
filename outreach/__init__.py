"""Outreach: follow every young child not enrolled in, or rarely at, nursery school until the child takes part."""
