"""Prepares, starts and tests the project. Standard library only, except `translations`, which needs the environment."""
