"""JupyterHub for a classroom that this project grades."""
