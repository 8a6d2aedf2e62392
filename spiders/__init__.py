"""The spiders: what each kind of source offers. Pure: no I/O, no clock, no database.

A spider turns an answer into links to articles, requests for further lists, pages, or a
``SourceProblem``. It imports the vocabulary alone (``pipeline.model``, ``pipeline.settings``);
politeness, memory and storing are the machinery's business (``pipeline.crawling``), which finds
the spiders through Scrapy's own ``SPIDER_MODULES``, by name.
"""
