"""Beginning a campaign in the browser: the list of organisations, the rules that will be pinned, the dates."""
