"""What is asked of the townships: declarations only, no input or output.

`schemas.declaration` holds this district's `Declaration`; the classes it is
made of are in `schemas.declaring`, which knows nothing of any district.
"""
