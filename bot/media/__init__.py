"""Media at the roof: copied from LINE (`copying`), served to phones (`serving`)."""
