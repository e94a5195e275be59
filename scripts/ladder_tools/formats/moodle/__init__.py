"""GIFT, Aiken and Moodle XML."""
