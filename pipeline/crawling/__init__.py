"""The Scrapy machinery around the spiders: politeness, the frontier, storing, and when a source is due again.

Scrapy is this room's alone (and the spiders'); steps see plain values.
"""
