"""The words that Chinese text attributes with: verbs of speech and of taking sides, adverbials, views and media.

Keeps to itself nothing: the tables of ``attribution_zh``, apart from its grammar.
"""

from __future__ import annotations

import re
from typing import Final

FILL: Final = "\ue001"
SAY: Final = "表示|指出|认为|坦言|强调|透露|介绍|直言|写道|写到|回应|解释|补充|谈到|谈及|提到|提及|告诉|预测|预计|预言|声称|声言|扬言|宣称|坚称|辩称|评价|评论|判断|感叹|调侃|反问|总结|形容|断言|重申|声明|分析|猜测|放话|喊话|回答|答道|问道|追问|提醒|坚信|相信|深信|觉得|发文|撰文|说道|说|称|提出|表明|披露|回忆|暗怼|回怼|承诺|解读|阐述|论述|总结道|打趣|坦承|感慨|呼应|告诫|认定|断定|直呼|笑称|戏称|推测|点评|证实|阐明|表态|发声|直指|建言|重提|反思|意识到|发现|看到|明确|认同|直斥|怒斥|抱怨|反馈|通报|通知|预告|留言|写明|警示|说明|陈述|感叹|告知|发帖|举例说明|举例|吐露|叮嘱|嘱咐|辩解|自述|自称|讲道|讲到|谈道"
_STANCE_WORDS: Final = "呼吁|警告|质疑|反驳|批评|抨击|炮轰|力挺|主张|承认|否认|建议|反对|支持|赞同|称赞|担心|担忧|倡议|号召|希望|宣布|痛批|谴责|指责|看好|看衰|唱衰|站队|力推|倡导|押注|转向|选择|拥抱|站在|要求|强烈反对|坚持|赞扬|期待|推崇|怒批|吐槽|嘲讽|讽刺|敦促|力主|唱衰|驳斥|力劝|劝告|抗议|拒绝|批驳"
_HOLDING: Final = "持[^,。]{0,10}?(?:观点|看法|态度|立场|意见)"
_NO_VERB: Final = "(?<![的或被所小据听传学游来话简自名统俗职堪号愿可叫项份番].)"
"""Looks at the letter before the first one of a verb."""


def _verbs(words: list[str]) -> str:
    """Return the ways of the verbs, those of one first letter together: the search then steps from one to the next."""
    by_first: dict[str, list[str]] = {}
    for word in words:
        by_first.setdefault(word[0], []).append(word[1:])
    return "|".join(f"{first}{_NO_VERB}(?:{'|'.join(rests)})" for first, rests in by_first.items())


VERB: Final = re.compile(
    rf"(?P<verb>{_verbs([*_STANCE_WORDS.split('|'), _HOLDING, *SAY.split('|')])})(?P<tail>(?:称|说|道|表示|指出|到|过|了(?!解))?)(?![法明服辞号呼霸客谎者职赛器师家员的]|社区)"
)
WEAK: Final = re.compile(
    r"(?:选择|支持|转向|拥抱|坚持|期待|看到|发现|意识到|站在|提出|看好|看衰|唱衰|押注|推崇)(?:了|过)?|(?:介绍|分析|解释|谈到|提到|回忆|强调)(?:了|过)"
)
"""Verbs that mostly tell what somebody did or saw: speech only where what follows says so, or names a side."""
WEAK_VERBS: Final = frozenset(re.findall(r"[\u4e00-\u9fff]{2,3}", WEAK.pattern))
SEES_ONLY: Final = frozenset(("看到", "发现", "意识到", "提出"))
"""Weak verbs that take up no side with 这 or 后者."""
PUT_FORWARD: Final = re.compile(
    r"[^,。:;]{0,8}?(?:诉求|建议|要求|主张|意见|质疑|疑问|批评|警告|抗议|看法|观点|异议|条件|理由|倡议)"
)
"""What somebody puts forward (提出三项诉求) that is speech itself."""
TOPIC: Final = re.compile(r"[^,。:;]{1,16}(?<![同当小及暂平届到])时(?:,|称|说|表示|坦言|指出)")
"""What follows a verb that only says what the talk was about (谈到…时)."""
QUOTED_SOURCE: Final = re.compile(
    r"(?P<via>[^,。:;!?\s\ue001]{2,14}?)(?:援引|引述|引用)(?P<who>[^,。:;!?\ue001]{2,24}?)的?(?:话|消息|说法|观点|表态)(?:说|称|报道称?|指出),?:?"
)
QUOTED: Final = re.compile("援引|引[述用]")
"""A medium that passes on what somebody else says."""
NAMES_MEDIUM: Final = re.compile("《|通讯社|新闻[网社]|电视台|广播公司|[日时晚]报|周刊")
"""What a paragraph needs that MEDIUM is worth looking for in."""
MEDIUM: Final = re.compile(
    r"(?P<name>(?<!题为)(?<!目为)(?<!题是)《[^《》]{2,12}》|(?:(?<![\u4e00-\u9fff])(?!据)|(?<=据))[\u4e00-\u9fffa-z]{2,16}(?:通讯社|新闻网|电视台|广播公司|日报|时报|晚报|周刊|新闻社))(?:\([^()]{1,12}\))?(?:网站)?(?:\([^()]{1,12}\))?[^,。:;《》]{0,12}(?:发表|刊文|刊发|刊登|报道|发文|撰文|的?文章)"
)
"""A medium whose report is told of from here on."""
STANCE: Final = f"{_STANCE_WORDS}|{_HOLDING}"
_SEEN: Final = r"(?:看来|的看法|眼中|眼里|的说法|的观点|的理解|之见|的立场|的角度(?=[,来看上说讲出])|的话说|的判断|的意思|心里|心目中|的口径)"
_FOUND: Final = r"的(?:一[份项]|最新)?(?:数据|报告|调查|研究|统计|论文|测算|调研)(?:显示|表明|指出|发现|称|则?认为),?"
_HELD: Final = r"的(?:态度|判断|观点|看法|立场|结论|回答|答案|建议|主张|理由|说法|逻辑|意见|回应|经验|体会|口诀|感受|原话|算法|解释)(?:则|也|却|很|更|十分|非常|是|就是|[^,。:;!?]{0,6}?)?[:,]"
SEES: Final = re.compile(
    rf"(?:站在|在|依|依照|按照?|据|照|从)(?P<who>[^,。:;!?\ue001]{{1,30}}?){_SEEN}[上看说来]{{0,2}},?"
)
FINDS: Final = re.compile(
    rf"(?P<who>[^,。:;!?\ue001]{{2,30}}?)(?:提供|发布|公布|披露|公开|统计|整理|主持|测算)?{_FOUND}"
)
HOLDS: Final = re.compile(rf"(?P<who>[^,。:;!?\ue001]{{2,30}}?){_HELD}")
SEEN: Final = re.compile(_SEEN)
FOUND: Final = re.compile(_FOUND)
HELD: Final = re.compile(_HELD)
"""How the three views above end; only where an end is found it is worth looking for what begins before it."""
VIEW_WORDS: Final = re.compile(
    r"看来|看法|眼[中里]|说法|观点|理解|之见|立场|角度|判断|意思|心里|心目中|口径|据|所[说言指]|的话|说的|的(?:[^,。:;!?]{0,4}(?:数据|报告|调查|研究|统计|论文|测算|调研))|态度|结论|回答|答案|建议|主张|理由|逻辑|意见|回应|经验|体会|口诀|感受|原话|算法|解释"
)
"""What one of the views or findings needs; a sentence without any is not searched for them."""
ACCORDING: Final = re.compile(
    r"据(?P<who>[^,。:;!?\ue001]{1,30}?)(?:介绍|透露|披露|称|表示|所述|回忆|指出|讲述|反映|估计|估算|预测|统计|测算|证实),?"
    r"|根?据(?P<source>[^,。:;!?\ue001]{2,20}?)(?:(?:最新|近日|日前)?(?:公布|发布|披露|提供|公开|统计))的[^,。]{0,12}?(?:数据|报告|消息|公告|统计|名单|结果|通报|财报)(?:显示)?,"
)
AS_SAID: Final = re.compile(
    r"(?:就像|正如|正像|如同|用|套用|借用)(?P<who>[^,。:;!?\ue001]{1,20}?)(?:所说|所言|说的|的话说|的话来说|所指出的?|的话)[,:]?"
)
VIA: Final = re.compile(
    r"(?:据|根据|援引)?(?:[英美法德日中韩]国)?(?P<who>《[^《》]{2,20}》|(?!对|关于|针对|有关|这|该|看|听|收|得)[^,。:;!?\s《》\d]{2,14}?)"
    r"(?:\d[^,。]{0,8}|日前|近日|援引[^,。]{1,12})?(?:的?报道|消息)(?:称|说|指)?[,。:]"
)
AFTER_NAME: Final = re.compile(
    # What each way begins with; most letters begin none, and this tells so at once.
    r"(?=[私连坦立马却干纷官微公只总没并也则还曾就都均亦又再进明公首率更最近日昨今早此当随接继同一普直多始甚便才已表对倒似仍依不反笑主特着连终在本向与跟给通针于发等上周月星时撰刊采演致提谈这如解回\d]|[^,、]{1,5}地)"
    r"(?:只是|只|总是|总|没有|并未|也|则|还|曾|就|都|均|亦|又|再次|再度|再|进一步|明确|公开|首次|率先|更|更是|最近|近日|日前|昨日|昨天|昨|今日|今天|早前|此前|当时|随后|随即|当即|当场|私下|连连|坦率|立刻|立即|马上|却|干脆|接着|继续|同时|同样|一致|普遍|直接|多次|一直|始终|甚至|便|才|已|已经|曾经|并|并且|表|对此|对外|倒是|似乎|仍|仍然|依然|不断|反复|笑着|主动|特别|着重|连续两次|最终|终于|在此|本能地"
    r"|[^,、]{1,5}地|(?:向|对|与(?!会)|跟|同(?!行)|给)[^,]{1,14}|在[^,]{1,28}|接受[^,]{1,24}(?:采访|专访|访问|提问)时?|通过[^,]{1,14}|就[^,]{2,20}|针对[^,]{2,20}|于[^,]{1,12}|发表[^,]{0,10}?(?:文章|评论|社论|声明|博客|博文|讲话|演讲|观点|报告)|(?:公开)?(?:不久前|日前|近日)?(?:发文|刊文|撰文)|不久前|等人|上?(?:周|月|星期)[一二三四五六日末]?|\d{1,2}月?\d{0,2}日?|时|(?:发文|撰文|刊文|发帖|发推|发言|采访|演讲|致辞)(?:时|中)?|提及[^,]{1,14}时|纷纷|回复(?:[^,]{0,8}记者)?(?:时)?|(?:日前|近日|\d+日)?发布[^,]{0,14}(?:报告|声明|公告|消息|通报|通告|指南|白皮书)|(?:官微|官博|官方微博|微信公众号|公众号|微博)?发布(?:辟谣)?消息|谈到[^,]{1,14}时|谈及[^,]{1,14}时|这样|如此|如是|进行|解释|回应)$"
)
BEFORE_NAME: Final = re.compile(
    r"(?:【[^】]{1,12}】|说(?:出)?这(?:句|番|些)?话的(?:人)?(?:正|就)?是|持(?:此|这种|这一|类似)(?:观点|看法|意见)的(?:人)?(?:还有|正是|就是|是)|据此|为此|就此|但是?|而|由此|除此以外|不过|然而|此外|另外|同时|因此|所以|于是|其中|随后|近日|日前|最近|此前|当时|对此|据悉|今年\d*月?|去年\d*月?|\d+月\d+日|\d+日|昨日|今日|今天|昨天|\d{4}年(?:\d+月)?(?:\d+日)?|事实上|例如|比如|如|就连|连|甚至|只有|像|由|因为|虽然|尽管|除此之外|上述|来自|知名|著名|身为|目前|如今|接着|然后|而且|并且|并|早些时候|会上|会后|文中|另一方面|一方面|首先|其次|最后|与此同时|当地时间[^,]{0,12}|(?:在|当)[^,]{2,28}(?:时|上|中|里|后|期间|前)|针对[^,]{2,20})[,\s]*"
)
TAKES_UP: Final = re.compile(
    r"(?:这|那|因此|所以|但|而且|并且|同时|此外|另外|如果|因为|其|它|不过|然而|而|也就是|换句话|相反|反而|更|尤其|特别是|例如|比如|为此|由此)"
)
NARRATES: Final = re.compile(
    r"(?:\d{4}年|\d+月|据|某种程度|事实上|值得|需要补充|由此不难|也就是说|直白|记者|目前|近日|日前|图|截图|当地时间|本文|编辑)"
)
INTERVIEWED: Final = re.compile(
    r"(?:近日|日前|今日|昨日)?(?:在[^,。]{1,20})?接受(?:了|[^,。]{1,24}?的?)[^,。]{0,16}(?:专访|采访|访问)"
)

GROUP: Final = re.compile(
    r"等?(?:人|[一二两三四五六七八九十多几数\d]+(?:位|名|家|人|个)[^,。的]{0,12})?(?:均|都|皆|一致|共同|联名)?[^,。的]{0,6}"
)
"""What stands between a list of names and their verb."""
PRONOUN_HEAD: Final = re.compile(
    r"(?=[但而不对随后因于如今其同,他她前该这])(?:但|而|不过|对此|随后|后来|因此|于是|如今|今天|其实|同时|,)*(?P<who>他们|她们|他|她|前者|后者|该公司|该集团|该机构|该企业|该行|该校|该团队|这家公司|这家企业|这家[^,。的]{2,8}?(?:公司|企业|厂商))(?![们的])"
)
"""A pronoun that a sentence begins with."""

SEVERAL: Final = re.compile(r"[两二三四五](?:人|位|家|名|者|家公司|位专家)|双方")
"""Those just named, counted."""
ADVERBIAL_CLAUSE: Final = re.compile(
    r"(?:关于|对于|至于|不同于|有别于|相比|比起|与[^,。]{1,10}(?:不同|相反|相比)|与之|不像|区别于|在|当|随着|为了?|由于|经过|除了|面对|谈及|谈到|提起|说起|问及|过去|去年|今年|此前|上周|本周|昨[天日]|今[天日]|日前|近日|从|自)[^,。:;!?]{0,18},"
)
"""A first clause that only says when, where or why."""
TELLS: Final = re.compile(
    r"[说称道讲叹笑哭喊叫骂怒答问劝嘱念写]|表示|指出|认为|坦言|强调|透露|介绍|补充|直言|回应|解释|回忆|感慨|评价|交代|乐|[点摇]了?[点摇]?头|摆了?摆?手|耸|撇|皱|拍|瞪|跺|语气|声音|哼|啐|嘟囔|嘀咕|喃喃|发文|发帖|留言|发微博|论述|阐述|一番|回复|声明|批复|用了?这|话头|话茬|插话|打断|补了?一句"
)
"""Words of speech, and of what a face or a hand does while it speaks."""
ACTS: Final = re.compile(
    r"\s*(?:[还也则又再才就都只仍已正将被没未不获是有为与和、,()等决开成所想心觉感更走去]|荣获|获|出席|担任|参加|毕业|生于|入选|当选|继续|目前|自己|启程|[\u4e00-\u9fff]{1,3}[了过到着])"
)
"""How a last clause begins that tells what somebody did, and not how they said what stands before."""


def tells(words: str) -> bool:
    """Tell whether the words after a name say that it speaks, there or in what it does next (放下杯子,说)."""
    return TELLS.search(words.partition(",")[0]) is not None or (
        ACTS.match(words) is None and TELLS.search(words) is not None
    )
