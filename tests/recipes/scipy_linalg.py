"""Cases for the recipes of `scipy.linalg`."""
