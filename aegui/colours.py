"""The colours of classes, those of the light theme also in figures."""

# Searched from Okabe and Ito's and Tol's sets for the largest distance between any two in CIE Lab under
# normal vision, deuteranopia and protanopia, with a contrast of 2:1 to both backgrounds.
CATEGORY = (
    "#2c50dd",
    "#f59b14",
    "#17947a",
    "#d8301f",
    "#6b42a0",
    "#2c9bee",
    "#ea98cf",
    "#b4b06a",
    "#93302f",
    "#4a5a6c",
)

# The same on a dark ground: as near to them as a contrast of 3:1 and that distance between any two allow.
CATEGORY_ON_DARK = (
    "#3f58e7",
    "#f59b14",
    "#2b9c7d",
    "#d8301f",
    "#8252ad",
    "#2c9ef3",
    "#ea98cf",
    "#b4b06a",
    "#ad4743",
    "#576a7d",
)
