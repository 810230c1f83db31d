"""Cases for the recipes of `scipy.signal`."""
