"""The demonstration: real organisations, marked made-up answers in every channel, users of every role."""
