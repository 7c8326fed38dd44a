"""Who may come in: sign-up, logging in and out, and how often that may be tried."""
