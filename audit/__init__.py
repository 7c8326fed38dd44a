"""What happened, for good.

``recorder`` is the only writer and ``access`` the only reader for people;
nothing here knows how an execution is carried out.
"""
