"""Cases for the recipes of `scipy.integrate`."""
