"""The operator's desk: campaigns, how far each organisation is, posters, and the inspection."""
