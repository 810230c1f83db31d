"""Recipes for `scipy.signal`."""
