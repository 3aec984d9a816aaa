"""Wire formats without IO: SMPP 3.4 and the texts it carries.

Nothing here reads a clock, draws a number or opens a socket; times are handed in.
"""
