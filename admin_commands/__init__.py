"""The staff's door: what is typed in the admin LINE group becomes verbs of `jobs` and nouns of `storage`."""
