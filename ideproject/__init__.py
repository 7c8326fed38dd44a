"""The site: settings, addresses and protocols wired together; no behaviour of its own."""
