"""Wizards: questions one by one that put a block together, which then goes through the same door as a pasted one.

A noun declares its wizard as a list of questions (`questions`) in this folder and names it in its `command.Noun`;
`drafts` keeps the answers, `talk` asks. Nothing else has to be known about a wizard anywhere.
"""
