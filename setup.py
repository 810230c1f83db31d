"""Package metadata; the settings of the development tools are in pyproject.toml."""

from pathlib import Path

from setuptools import find_packages, setup

BENCH = ["autograd", "jax", "rich"]
DEMO = ["rich", "scikit-learn"]
DOT = ["matplotlib"]  # draws control-flow graphs where Graphviz is not installed
TEST = [
    "cloudpickle",
    "hypothesis",
    "mypy",
    "numba",
    "pytest",
    "pytest-xdist",
    "ruff",
    "scipy",
]

setup(
    name="tangent",
    version="0.1.0.dev0",
    description="Source-to-source automatic differentiation for plain Python and NumPy",
    long_description=Path(__file__).with_name("README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    packages=find_packages(include=["tangent", "tangent.*"]),
    python_requires=">=3.11",
    install_requires=["click", "gast", "networkx", "numpy>=2"],
    extras_require={
        "bench": [*BENCH, "numba"],
        "demo": DEMO,
        "dot": DOT,
        "scipy": ["scipy"],
        "tensorflow": ["tensorflow"],
        "test": sorted({*BENCH, *DEMO, *DOT, *TEST}),
    },
    entry_points={"console_scripts": ["tangent = tangent.__main__:main"]},
    classifiers=[
        "Development Status :: 3 - Alpha",
        "Intended Audience :: Science/Research",
        "Programming Language :: Python :: 3 :: Only",
        "Topic :: Scientific/Engineering :: Mathematics",
    ],
)
