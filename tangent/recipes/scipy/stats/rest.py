"""What of `scipy.stats` is not supported, with the reason."""
