"""Cases for the recipes of `scipy.stats`."""
