"""From a published number to the cells it is made of, and from a cell to the numbers it feeds."""
