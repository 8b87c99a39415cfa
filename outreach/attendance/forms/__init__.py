"""What people fill in about attendance."""
