"""E-mail: messages in .eml and .msg, with what is attached to them.

.eml is read with the standard library, .msg with python-oxmsg (extra ``forms``): extract-msg would
do more, and is GPL.
"""

from eh_interop.formats.mail.reader import Attachment, Message, of_bytes, read

__all__ = ["Attachment", "Message", "of_bytes", "read"]
