"""Files of reports: attached, copied, given, destroyed; and hostile ones refused."""
