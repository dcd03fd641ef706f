"""The journey map: what is planned and what is lived, as one picture for the screen and for the wall."""
