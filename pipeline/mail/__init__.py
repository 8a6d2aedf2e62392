"""Mail: a digest is worded, made a message, and handed to an outbox folder or an SMTP server.

Every product text stands in ``catalogue``; Jinja, css_inline and smtplib are used nowhere else.
"""
