"""The training environment: an invented world, the mails it sends, and the processes of `outreach run`."""
