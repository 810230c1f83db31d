"""Recipes for `scipy.linalg`.

x = linalg.solve(a, b)
"""
