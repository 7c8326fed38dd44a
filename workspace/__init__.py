"""Saved projects: their files, their shares, the examples, and what people see of their records.

access       who may see which project and share; the only reader for people
projects     everything that changes a project, under its owner's lock
files        which names and sizes a project may have; the same rules as a submission
archive      zip archives in and out
submissions  from a saved project to a Submission
endpoint     the HTTP door: one handler per method, errors as JSON
api_…, pages what is behind each address
"""
