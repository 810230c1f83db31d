"""Gradients by tangent, by hand, by autograd and by JAX, timed side by side in one run."""
