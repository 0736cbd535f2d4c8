"""Outside: what plays with Ayumi and looks at it. Imports anything, imported by nobody."""
