"""What happened, for good, and what follows from it.

``recorder`` writes the records and ``access`` is the only reader for people;
nothing here knows how an execution is carried out.

    packing: the stored form of sources; quota, disk: whether there is room for more
    recorder ─▶ alerts ─▶ a Pause (refuses further submissions for a while)
                  └─────▶ notify: an outbox, emptied by e-mail and webhook
    admin ─▶ access, dossier ─▶ decisions (the one thing about a record that changes)
    stats ─▶ dashboard (in the admin), report (a month, a quarter, a year)
    measures, upkeep ─▶ what Prometheus is told of the records
    rounds ─▶ seals ─▶ leaves, canonical, signing; anchors (the head, kept elsewhere)
    verification (is it what was sealed?); archive (for others to verify)
    retention (what goes, under a signed Removal); triggers (the database refuses the rest)
"""
