"""What every page shares: who may come in, one-time keys, headers, filters, error pages."""
