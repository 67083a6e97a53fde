"""The characters of names: how common, how they sound, what they are mistaken for, how they are written
abroad.

No person here. Sounds come from pypinyin; look-alikes and traditional forms are listed below.
"""

from __future__ import annotations

from functools import cache

import numpy as np

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟"
    "谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
COMPOUND_SURNAMES = ("欧阳", "上官", "司马", "诸葛", "皇甫", "令狐")
GIVEN = {
    # Of men and women; born before 1970, 1970-1989, from 1990 on; the most common first.
    ("m", 0): "国建华明文志德荣福平忠军林玉贵生祥永春金海成光庆云良兴保全新发民富树友根才昌万元",
    ("m", 1): "伟强军勇杰涛明超辉刚波斌磊峰鹏建志俊海文亮飞华林宇龙平浩凯健东旭鑫永江洪宁国庆新阳振兵锋洋",
    ("m", 2): "浩宇轩子杰俊博文涛昊天泽鑫睿豪晨阳嘉佳航逸铭鹏翔辰一家瑞凯明皓哲思远恒梓奕熙霖宸然",
    ("f", 0): "秀英兰玉桂芳珍凤梅华淑红荣琴素春霞云莲香菊翠美月琼彩爱金清芬花连珠娥",
    ("f", 1): "丽敏静艳娟芳燕红玲霞婷娜雪莉倩琳洁梅慧英华云萍琴晓颖蓉莹蕾丹欣晶佳璐薇海春秀文菲",
    ("f", 2): "欣怡梓涵雨婷佳诗琪思嘉子萱紫梦雅晨悦静琳瑶妍可馨一诺语彤晓心依若熙文洁慧芷月璇瑾",
}
SINGLE_GIVEN = {0: 0.14, 1: 0.30, 2: 0.16}
"""Share of given names of one character by era (highest in the 1970s and 1980s, by the police's name
reports).
"""

_MORE_SOUNDS = (
    "建健剑键国果伟玮炜纬唯丽莉俐力敏闽静婧靖敬艳燕雁彦娟涓芳方婷廷庭晓小筱佳嘉家加怡仪宜涵晗函雨"
    "宇语羽梓子紫欣心新鑫昕轩萱宣浩皓昊豪俊军骏君杰洁捷文雯闻"
)
_LOOK_ALIKE = (
    "晨辰 佳住 倩情 宇字 杰木 诗持 婷停 怡治 涵函 梓样 萱宣 琪棋 妍研 莹萤 蕾雷 颖颍 娜那 淑叔 兰三 "
    "云去 未末 玉王 斌彬 磊石 锋峰 祥样 鹏朋 浩洁 凯剀 睿容 哲折 恒桓 铭名 航杭 泽择 瑶遥 彤丹 芷正 "
    "王玉 肖尚 付府 于干 邱丘 陈阵 闫阎 邹皱 汪江 余佘 江汪"
)
_TRADITIONAL = (
    "张張 刘劉 陈陳 杨楊 黄黃 赵趙 吴吳 孙孫 马馬 罗羅 郑鄭 谢謝 许許 韩韓 冯馮 邓鄧 叶葉 蒋蔣 苏蘇 "
    "吕呂 卢盧 钟鍾 谭譚 陆陸 贾賈 韦韋 邹鄒 闫閆 龙龍 贺賀 顾顧 龚龔 万萬 钱錢 严嚴 汤湯 国國 华華 "
    "荣榮 军軍 贵貴 庆慶 云雲 兴興 发發 树樹 伟偉 强強 杰傑 涛濤 辉輝 刚剛 鹏鵬 飞飛 宁寧 东東 阳陽 "
    "锋鋒 轩軒 泽澤 铭銘 瑞瑞 远遠 兰蘭 凤鳳 红紅 莲蓮 爱愛 连連 丽麗 静靜 艳豔 娟娟 洁潔 颖穎 莹瑩 "
    "晓曉 梦夢 语語 诗詩 心心 欧歐 阳陽 诸諸 马馬"
)


class Characters:
    """All characters by number: `text`, `pinyin`, `traditional`, and a mistaken one by sound and by shape."""

    def __init__(self) -> None:
        from pypinyin import lazy_pinyin

        pairs = _LOOK_ALIKE.split()
        singles = SURNAMES + "".join(GIVEN.values()) + _MORE_SOUNDS + "".join(pairs)
        self.text = [*dict.fromkeys(singles), *COMPOUND_SURNAMES]
        self.number = {text: number for number, text in enumerate(self.text)}
        self.pinyin = ["".join(lazy_pinyin(text)) for text in self.text]
        abroad = {pair[0]: pair[1] for pair in _TRADITIONAL.split()}
        self.traditional = ["".join(abroad.get(letter, letter) for letter in text) for text in self.text]
        looks = {pair[0]: pair[1] for pair in pairs}
        self.by_shape = np.array([self.number[looks.get(text, text)] for text in self.text])
        self.by_sound = self._other_of_the_same(self.pinyin)

    def _other_of_the_same(self, sounds: list[str]) -> np.ndarray:
        """The next character of the same sound, in a ring; itself where there is none."""
        groups: dict[str, list[int]] = {}
        for number, sound in enumerate(sounds):
            groups.setdefault(sound, []).append(number)
        other = np.arange(len(sounds))
        for numbers in groups.values():
            other[numbers] = np.roll(numbers, -1)
        return other

    def numbers(self, texts: str | tuple[str, ...]) -> np.ndarray:
        """The numbers of these characters."""
        return np.array([self.number[text] for text in texts])


@cache
def characters() -> Characters:
    """Built once."""
    return Characters()
