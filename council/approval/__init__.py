"""The council's decision: votes, the meeting, objections of organisations, approval that freezes, publication."""
