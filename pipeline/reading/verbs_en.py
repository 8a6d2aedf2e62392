"""English verbs that tell who says or does something, and the adverbs that may stand before them.

Keeps to itself which verbs tell of speech in any text (``SPEECH``), and which tell of a position only where
the sentence is about one of the debate's sides (``ACT``): *found*, *kept* and *called* are everyday words.
"""

from __future__ import annotations

import re
from typing import Final

SPEECH: Final = (
    r"said|says|say|saying|told|tells|tell|wrote|writes|write|added|adds|argued|argues|argue|claimed|claims|claim|noted|notes|note that|explained|explains|explain|stated|states that|stressed|stresses"
    r"|emphasi[sz]ed|emphasi[sz]es|insisted|insists|insist|warned|warns|warn|warning|cautioned|cautions|believes|believed|believe|thinks|thought|think|suggested|suggests|suggest|acknowledged|acknowledges"
    r"|admitted|admits|conceded|concedes|hinted|hints|announced|announces|predicted|predicts|predict|answered(?! with| by| the| questions)|answers that|responded(?! with| by)|responds(?! with| by)|replied|replies|countered|counters|maintained|maintains|contended|contends|contend"
    r"|asserted|asserts|declared|declares|tweeted|remarked|remarks|commented|comments that|recalled|recalls|concluded|concludes|called for|calls for|call for|urged|urges|pledged|pledges|vowed|vows|promised|promises"
    r"|proposed|proposes|criticized|criticised|criticizes|criticises|praised|praises|defended|echoed|echoes|wondered|wonders|demanded|demands|advised|advises|thundered|opined|opines|elaborated|protested|objected|retorted|confessed"
    r"|reasoned|speculated|speculates|proclaimed|pleaded|scoffed|underlined|underscored|signaled|signalled|likened|likens|contrasted|rejected|rejects|reject|dismissed|dismisses|denied|denies|deny"
    r"|complained|complains|complain|lamented|laments|joked|jokes|revealed|reveals|points out|pointed out|point out|points to|agreed|agrees|agree|disagreed|disagrees|disagree|asked|asks|advocates|advocated|continued|reiterated|mused|disclosed"
    r"|reminded|reminds|repeated|quipped|sighed|grumbled|gushed|raved|snapped|fumed|shrugged|boasted|boasts|testified|confirmed|confirms|clarified|estimated|estimates|reported|reports that|reports for|reports(?= [A-Z][a-z.]+(?: [A-Z][a-z]+)?[.,])|report that|summed up"
    r"|put it(?=[,.]| this way| that way| in | bluntly| simply)|puts it|hailed|hails|blasted|slammed|lauded|decried|denounced|condemned|alleged|alleges|allege|accused|accuses|recommended|recommends|recommend|recognized|recognised|recognizes|recognises|begged|shouted|shouts|whispered|chimed in"
    r"|indicated that|indicates that|determined that|ruled that|argued that|assured|affirmed|swore|worries|worried that|feels that|felt that|contradicted|interjected|chided|marveled|marvelled|cheered|cried|yelled|exclaimed|shot back"
    r"|outlined|expects|expected that|expect that|apologized|apologised|blamed|blames|welcomed|welcomes|encourages|encouraged|described|describes|describe|vouched|attested|cites|cited|is convinced that|was convinced that|came away convinced|is sure that|is certain that"
)
"""Verbs of speech and of opinion."""
CLOSING: Final = (
    r"said|says|wrote|writes|told|added|adds|argued|argues|explained|explains|warned|warns|noted|notes|insisted|insists|replied|replies|answered|answers|responded|responds|countered|counters|stressed|claimed|claims|concluded|concludes"
    r"|recalled|recalls|reported|reports|predicted|predicts|complained|complains|remarked|remarks|suggested|suggests|announced|admitted|admits|conceded|concedes|declared|declares|testified|believes|thinks|estimates|estimated|asks|asked|commented|posted|maintained|maintains|contended|acknowledged|emphasized|emphasised|stated|states|continued|continues|objected|demands|recommends|recommended|promised|confirmed"
)
"""Those of the verbs of speech that may end a sentence with their subject (…, Ann Lee wrote); others mean something else there."""
ACT: Final = (
    r"defends|opposes|opposed|oppose|supports|supported|support|favors|favours|favored|favoured|favor|favour|endorsed|endorses|kept|committed|found|learned|observed|observes|posted|posts|highlighted|highlights|reads|touted|backed|backs|touts"
    r"|questioned|questions|doubts|doubted|doubt|fears|feared|fear|hopes|hoped|hope|wants|wanted|want|championed|champions|embraced|embraces|embrace|adopted|adopts|abandoned|abandons|ditched|dumped|switched to|moved to|shifted to|pivoted to"
    r"|chose|chooses|opted for|sided with|banned|bans|bet on|bets on|went|called|calls|sees|considers|consider|views|continues|prefers|preferred|prefer|claims to"
)
"""Verbs of a position that are everyday words, too."""
SAY: Final = f"{SPEECH}|{ACT}"
STANCE: Final = re.compile(
    r"warn|caution|call|urge|critici|prais|defend|reject|dismiss|oppos|support|favo|endors|den|acknowledg|admit|conced|announc|pledg|vow|promis|propos|advocat|hint|disagree|kept|commit|hail|blast|slam|laud|tout|back|question|doubt|fear|hope|want|champion|embrac|adopt|abandon|ditch|dump|switch|mov|shift|pivot|chose|choos|opt|side|ban|bet|went|describ|see|consider|view|prefer|recommend|decr|condemn|denounc|accus|worr|encourag|welcom|blam"
)
"""Verbs that are part of what is said."""
ADVERB: Final = (
    r"(?:also|then|later|further|recently|once|twice|has|have|had|himself|herself|themselves|itself|often|even|still|now|just|doesn[’']t|does not|did not|didn[’']t|don[’']t|do not|never|already|however|meanwhile|first|long|all|both|soon|"
    r"instead|too|apparently|reportedly|reported to have|\w{2,20}ly|again|will|would|did|do)"
)
IS_ACT: Final = re.compile(rf"(?:{ACT})$")
