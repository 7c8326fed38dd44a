"""``make bench``: this system side by side with bare gcc on the same machine, in one run."""
