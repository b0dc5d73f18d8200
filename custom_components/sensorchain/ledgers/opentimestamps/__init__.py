"""Bitcoin through OpenTimestamps: calendars gather digests into one transaction of Bitcoin."""
