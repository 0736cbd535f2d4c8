"""Forms: what is asked, what may be answered, and what an answer sets going."""
