"""Plans of measures (the form of ПП 457): an organisation mends what the assessment found, the authority approves."""
