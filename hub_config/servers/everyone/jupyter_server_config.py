"""Of every server: kernels that nobody uses end, even behind a tab left open over night."""

c = get_config()  # noqa: F821 - Jupyter defines it

c.MappingKernelManager.cull_idle_timeout = 3600
c.MappingKernelManager.cull_interval = 300
c.MappingKernelManager.cull_connected = True
c.MappingKernelManager.cull_busy = False
