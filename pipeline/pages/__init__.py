"""What a page says: its address, characters, date, title, author and text.

Pure: bytes and strings in, values out; only ``saved`` opens a file. Keeps lxml, trafilatura,
readability, htmldate and tldextract to itself, and what is known of how news pages are built.
"""
