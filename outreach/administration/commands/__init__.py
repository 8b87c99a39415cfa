"""What people change about organisations and areas: each leaves a row that says who, when and what."""
