"""Who does what: assignments, holds that expire, the trail of a campaign."""
