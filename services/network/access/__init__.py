"""Who is asking: roles, machines' keys, people's passwords and sessions; secrets are kept as hashes only."""
