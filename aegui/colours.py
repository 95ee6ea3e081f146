"""The colours of classes, the same on screen and in figures."""

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
