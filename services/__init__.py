"""What the system can do; knows nothing of Celery."""
