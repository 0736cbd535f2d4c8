"""Rich menus: made, pictured, named by aliases, shown to all, to one or to many, and counted [section 7]."""
