"""Cases for the recipes of `scipy.special`."""
