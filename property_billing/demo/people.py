"""Invented people, companies, phones and plates of the demo sites.

Nobody here exists: ID numbers carry the region 990000, which was never assigned, and phones the
block 1300000xxxx.
"""

import random
from datetime import date, timedelta

SURNAMES = "王李张刘陈杨黄赵吴周徐孙朱胡郭何高林郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡杜叶程苏魏吕"
GIVEN = (
    "建国,秀英,伟,芳,敏,静,丽娟,志强,磊,海洋,艳红,勇,杰,俊涛,明辉,超,秀兰,霞,文平,志刚,桂芳,"
    "晓燕,建华,玉兰,浩然,子涵,欣怡,佳琪,思远,晨曦,雨桐,俊熙,梦洁,国栋,婷婷,海燕,春梅,卫东,"
    "雪,峰,琳,凯,倩,斌,颖,旭东,美玲,永康,慧敏,一鸣,家豪,诗涵,嘉怡,天佑,宏伟,淑珍,丹,宁,"
    "少杰,文静,立群,书瑶,景行,若溪,振宇,秋月"
)
TRADES = "科技,贸易,咨询,设计,教育科技,文化传媒,供应链,软件,广告,财税服务"
BRANDS = (
    "云帆,星河,启明,远山,青禾,拓新,知行,汇澜,百川,木棉,朗润,晴川,鼎信,优贝,新桥,海岳,"
    "领航,松果,微光,天工,九州,北辰,安和,乐活"
)
SHOPS = (
    "老灶面馆,荷塘小厨,三味书屋,晨光便利店,橙子水果,雅集咖啡,拾光花店,康宁大药房,"
    "小象烘焙,清风茶舍,佳美超市,云上理发,青禾眼镜,甜蜜时光甜品,川香居,江南小馆,趣玩潮品,"
    "木子裁缝,暖阳洗衣,步步高鞋业"
)
PROVINCES = "沪苏浙皖京粤鲁"
_CODE_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_number(birth: date, sequence: int) -> str:
    """Return an 18-digit number of the unassigned region 990000, its check digit per GB 11643.

    >>> id_number(date(1990, 5, 17), 123)
    '99000019900517123X'
    """
    body = f"990000{birth:%Y%m%d}{sequence % 1000:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _ID_WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def credit_code(sequence: int) -> str:
    """Return a company's code of the unassigned region 990000, its check character per GB 32100.

    >>> credit_code(100)
    '91990000MA0000100X'
    """
    body = f"91990000MA{sequence % 10**7:07d}"
    total = sum(
        _CODE_CHARACTERS.index(character) * pow(3, place, 31)
        for place, character in enumerate(body)
    )
    return body + _CODE_CHARACTERS[-total % 31]


class Cast:
    """Hands out people and things, each once, in an order that depends on the generator only."""

    def __init__(self, rng: random.Random):
        self.rng = rng
        self._phones = rng.sample(range(10000), 2000)
        self._given = GIVEN.split(",")
        self._shops = SHOPS.split(",")
        rng.shuffle(self._shops)
        trades = TRADES.split(",")
        self._companies = [
            f"{brand}{trade}有限公司" for brand in BRANDS.split(",") for trade in trades
        ]
        self._names: set[str] = set()
        self._plates: set[str] = set()

    def phone(self) -> str:
        """Return an unused phone number of the invented block."""
        return f"1300000{self._phones.pop():04d}"

    def person(self) -> tuple[str, str, str]:
        """Return (name, phone, ID number) of somebody new."""
        name = ""
        while not name or name in self._names:
            name = self.rng.choice(SURNAMES) + self.rng.choice(self._given)
        self._names.add(name)
        birth = date(1962, 1, 1) + timedelta(days=self.rng.randrange(365 * 38))
        return name, self.phone(), id_number(birth, self.rng.randrange(1000))

    def company(self) -> tuple[str, str, str]:
        """Return (name, phone, credit code) of a new company."""
        name = self._companies.pop(self.rng.randrange(len(self._companies)))
        return name, self.phone(), credit_code(self.rng.randrange(10**7))

    def shop(self) -> tuple[str, str, str | None]:
        """Return (name, phone, ID number) of a new shop keeper: a signboard, or a person."""
        if not self._shops:
            return self.person()
        return self._shops.pop(), self.phone(), None

    def plate(self) -> str:
        """Return a new plate: six places, or seven for a new-energy car."""
        plate = ""
        while not plate or plate in self._plates:
            digits = f"{self.rng.randrange(100000):05d}"
            energy = self.rng.choice(("", "", "D", "F"))
            plate = self.rng.choice(PROVINCES) + self.rng.choice("ABCDEFGH") + energy + digits
        self._plates.add(plate)
        return plate
