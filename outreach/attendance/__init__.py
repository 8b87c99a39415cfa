"""Who is rarely present: reports of schools, thresholds, and what to expect by 30 June."""
