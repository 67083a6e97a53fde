"""The words of the picture of a chain of links, in both languages: rules, comparisons, levels, fields."""

from __future__ import annotations

from dagster_project.lib.report.page import Words

RULES = {
    "steward": Words("人工决定", "a steward decided"),
    "order": Words("同一订单", "one order"),
    "owner_is_receiver": Words("订单只显示收件人", "the order shows its receiver alone"),
    "unionid": Words("同一 unionid", "one unionid"),
    "openid": Words("同一 openid", "one openid"),
    "account": Words("同一渠道账号", "one account of a channel"),
    "user_id": Words("同一 APP 账号", "one app account"),
    "external_userid": Words("同一企业微信客户", "one WeCom contact"),
    "pay_id": Words("同一支付单号", "one payment"),
    "ticket_id": Words("同一工单", "one ticket"),
    "visitor_id": Words("同一访客", "one visitor"),
    "phone_name": Words("同一号码，姓名同音", "one number, names of one sound"),
    "home_name": Words("同一门牌，姓名同音", "one home, names of one sound"),
    "mask_name": Words("号码可见部分相同，姓名同音", "the visible part of a number, names of one sound"),
    "member_no": Words("同一会员卡", "one member card"),
    "quoted_order": Words("提到同一订单", "they quote one order"),
    "phone_masked_name": Words("同一号码，脱敏姓名相符", "one number, a masked name that fits"),
    "home_masked_name": Words("同一门牌，脱敏姓名相符", "one home, a masked name that fits"),
    "own_receiver": Words("账号主要寄给此人", "whom the account mostly orders for"),
    "mask_district": Words(
        "号码可见部分、姓氏、区县相同", "the visible part of a number, first character and district"
    ),
    "device_id": Words("同一设备", "one device"),
    "addressee_id": Words("同一收件人编码", "one addressee code"),
    "phone_alone": Words("同一号码，别无他人", "one number, nobody else there"),
    "model": Words("模型判断", "the model"),
}
COMPARISONS = {
    "start": Words("比较之前", "before anything is compared"),
    "contact": Words("联系方式", "contact"),
    "name": Words("姓名", "name"),
    "birthday": Words("生日", "birthday"),
    "email": Words("邮箱", "e-mail"),
    "device_id": Words("设备", "device"),
    "member_no": Words("会员卡", "member card"),
}
LEVELS = {
    "unknown": "一方未知",
    "different": "不同",
    "same number, same home": "号码与门牌都相同",
    "same mask, same home": "号码可见部分与门牌都相同",
    "same home": "门牌相同",
    "same number, same district": "号码与区县都相同",
    "same number": "号码相同",
    "same mask, same district": "号码可见部分与区县都相同",
    "same mask": "号码可见部分相同",
    "same district": "区县相同",
    "same name": "姓名相同",
    "same sound": "姓名同音",
    "fits the mask": "与脱敏姓名相符",
    "one character differs": "差一个字",
    "same birthday": "生日相同",
    "same email": "邮箱相同",
    "same device_id": "设备相同",
    "same member_no": "会员卡相同",
}
CONTEXTS = {
    "household": Words("同号或同住者之间", "among those of one number or home"),
    "mask": Words("号码可见部分相同者之间", "among those of one visible number"),
}
FIELDS = {
    "name": Words("姓名", "name"),
    "phone": Words("电话", "phone"),
    "birthday": Words("生日", "birthday"),
    "gender": Words("性别", "gender"),
    "email": Words("邮箱", "e-mail"),
    "address": Words("地址", "address"),
    "member_no": Words("会员卡", "member card"),
    "unionid": Words("unionid", "unionid"),
}
TITLE = Words("为什么是同一位客户", "Why these are one customer")
TITLE_APART = Words("为什么不是同一位客户", "Why these are not one customer")
ONE = Words("两条记录属于同一位客户：", "Both records are one customer's:")
TWO = Words("两条记录属于两位客户：", "The records are two customers':")
CHAIN = Words("链路", "The chain of links")
REFUSED = Words("找到但未采纳的链接", "Links that were found and refused")
NO_LINK = Words("两位客户之间没有找到任何链接。", "No link between the two customers was found.")
WEIGHTS = Words("模型怎样权衡", "How the model weighs it")
BITS = Words(
    "每项比较使可能性翻几番（2 的幂）；绿色支持，红色反对。",
    "How many times each comparison doubles the odds (powers of 2); green speaks for, red against.",
)
FACES = Words(
    "比较的是规则已归到两边的全部信息，不只是这两条记录。",
    "It compares all that rules had joined to either side, not these two records alone.",
)
SUM = Words("合计", "sum")
SCORE = Words("模型给出 {}", "the model's score {}")
SHARE = Words("此类链接正确的比例", "links like this that were right")
NOT_KEPT = Words("这次链接的权重没有保存下来。", "The weights of this link were not kept.")
MASKED = Words(
    "姓名、电话、地址等只显示脱敏值。", "Names, numbers, addresses and the like are shown masked only."
)


def level(label: str, language: str) -> str:
    """A level as people read it; one of another model as it calls itself."""
    plain, _, context = label.partition(" | ")
    told = LEVELS.get(plain, plain) if language == "zh" else plain.replace("_", " ")
    return f"{told} ({CONTEXTS[context].of(language)})" if context in CONTEXTS else told


def of(words: dict[str, Words], name: str, language: str) -> str:
    """The words for a name, itself where there are none."""
    return words[name].of(language) if name in words else name
