"""Recipes for `scipy.integrate`."""
