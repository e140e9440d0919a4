"""Four townships and the bureau's office of our district: a whole district, but a small one."""
