"""English names of media: who passes on what others say.

Keeps to itself the media known by name, and the words that end the names of others (… Times, … Gazette).
"""

from __future__ import annotations

import re
from typing import Final

_KNOWN: Final = (
    r"Reuters|Bloomberg(?:\s(?:News|Businessweek))?|CNBC|CNN(?:\sBusiness)?|BBC(?:\sNews)?|NPR|AP|AFP|Associated Press|Agence France-Presse|Axios|Politico|POLITICO|TechCrunch|Wired|WIRED|Fortune|Forbes|Vox|Semafor|Engadget"
    r"|ZDNet|CNET|Xinhua|Caixin|Nikkei(?:\sAsia)?|MSNBC|ABC(?:\sNews)?|NBC(?:\sNews)?|CBS(?:\sNews)?|PBS|Fox News|Fox Business|VOA|RTHK|Deadline|Variety|Gizmodo|Recode|Quartz|VentureBeat|The Information|The Verge|The Register"
    r"|The Atlantic|The Economist|The Guardian|The Hill|The Conversation|The Intercept|Business Insider|MIT Technology Review|Le Monde|Der Spiegel|El País|LatePost|36Kr|TMZ|Newsweek|Al Jazeera|Yonhap|Kyodo|Sky News|DigiTimes"
)
_ENDS: Final = r"Times|Post|News|Journal|Magazine|Weekly|Radio|TV|Herald|Tribune|Gazette|Telegraph|Chronicle|Dispatch|Daily|Mail|Standard|Inquirer|Courier|Press|News Agency|Business Review|Post-Gazette|Star-Ledger|Examiner|Register|Reporter|Observer"
MEDIUM: Final = rf"(?:{_KNOWN}|(?:[A-Z][\w&]+\s){{1,3}}(?:{_ENDS})(?:\s(?:Agency|Service|Network))?)"
_IS_MEDIUM: Final = re.compile(MEDIUM.replace("The ", "(?:The )?"))


def is_medium(name: str) -> bool:
    """Tell whether a speaker's name is a medium's."""
    return _IS_MEDIUM.fullmatch(name) is not None
