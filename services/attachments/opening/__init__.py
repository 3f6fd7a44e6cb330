"""Opening files that nobody vouches for: runs in a child process with bounds, and knows nothing of the service."""
