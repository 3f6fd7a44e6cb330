"""Forms, and what is written with them."""
