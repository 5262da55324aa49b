"""`python -m ocnetview`."""

from ocnetview.cli import main

main()
