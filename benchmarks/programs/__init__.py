"""The programs that are timed, one a file.

A program is a module with

    f           the function, in plain NumPy under the name `np`
    gradient    its hand-written gradient (or, where FORWARD is set, its hand-written tangent)
    WRT         the names of the parameters to differentiate with respect to
    SIZES       for each case its label and the sizes to build its arguments for
    SMALL       sizes small enough for finite differences
    arguments   (rng, *sizes) -> the arguments

and, where they apply,

    FORWARD     True for a program timed in forward mode
    LOOPS       True where memory is compared as well as time
    IN_PLACE    whether its loops write arrays, which no peer can run
    REFUSES     the peers ("autograd", "jax", "jax jit") that can't run f as it is written, and why, where it is for another reason

A peer runs the same source with its own NumPy bound to `np`.
"""
