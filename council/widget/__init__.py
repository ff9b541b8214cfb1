"""What an organisation puts on its own site: a picture with its code and last published score, and a small script."""
