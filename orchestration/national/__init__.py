"""All organisations together: each refreshed by itself, then one warehouse of figures over their releases.

``VT_HOME`` holds a data folder for each, ``organisaties/<code>``, with its own register, vault, key and releases; whoever runs this needs
none of their keys for the figures, which rest on releases alone. One that is late, refused or broken keeps the release it had, and holds up
nobody.

The figures are made by the same SQL as those of one organisation: the facts of all are put together, with the organisation in the place of
the gemeente, and the plan of a build is run from there. So medians and distinct counts are of all rows, not of other figures. What an
organisation's own release says must come out again, to the last figure, or nothing is shown.
"""
