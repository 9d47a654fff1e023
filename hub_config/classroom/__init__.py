"""What stands behind jupyterhub_config.py: settings, roles, profiles, GPUs, and the start of a hub.

README.md in the directory above is for who runs a hub.
"""
