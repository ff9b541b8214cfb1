"""From the desk to the council: checks, the report, submission, remarks."""
