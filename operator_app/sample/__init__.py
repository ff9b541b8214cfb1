"""The sample: how many are needed, how many there will be, where to send people tomorrow."""
