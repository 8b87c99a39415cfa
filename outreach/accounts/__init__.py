"""Who may come in: people and their memberships, sign-in, sessions, substitutes and the reading log."""
