"""Runs student code where it can cost only its own points.

`wire` is the frame format, `isolation` the kernel calls, `zygote` the untrusted template process and
`pool` the trusted side. Expected values, references and hidden tests never enter (DESIGN: the trust wall).
"""
