"""Invented tenants of the mall, the forms of their leases, and the text of the contract."""

from typing import NamedTuple


class Form(NamedTuple):
    """The form of a lease: how it is priced, paid and stepped.

    ``free_days`` from the first day on; ``step``: (months, kind, value) or None.
    """

    pricing: str
    price: float
    cadence: str = "3"
    cycle: str = "anniversary"
    timing: str = "advance"
    due_days: int = 7
    convention: str = "calendar_days"
    years: int = 3
    free_days: int = 0
    step: tuple | None = None
    is_vat_included: bool = True


FORMS = (
    Form("m2_day", 6.8, free_days=60, step=(12, "percent", 5)),
    Form("m2_day", 5.2, convention="days_365", years=5, free_days=90, step=(24, "percent", 8)),
    Form("m2_month", 168.0, cadence="1", cycle="calendar", due_days=0, years=2),
    Form("month", 12800.0, cadence="1", timing="arrears", due_days=10, years=1),
    Form("m2_day", 8.5, step=(12, "percent_of_base", 6), free_days=30),
    Form("month", 26000.0, cadence="6", due_days=15, years=4, step=(12, "amount", 1500)),
    Form("m2_month", 205.0, cycle="calendar", is_vat_included=False, step=(12, "percent", 3)),
    Form("month", 9800.0, cadence="12", due_days=30, years=8, free_days=120),
)

OFFICE_FORMS = (
    Form("m2_day", 3.2, convention="days_365", cadence="1", due_days=5, free_days=30),
    Form("m2_month", 96.0, timing="arrears", due_days=5, is_vat_included=False),
    Form("m2_day", 2.8, cadence="2", cycle="calendar", years=2, step=(12, "percent", 4)),
    Form("month", 15800.0, cadence="6", due_days=10, years=5, free_days=45),
)

#: brand, company, trade of the offices on the top floor
OFFICES = (
    ("拓维设计", "拓维建筑设计有限公司", "办公"),
    ("清源环保", "清源环保科技有限公司", "办公"),
    ("谦和会计", "谦和会计师事务所", "办公"),
    ("远帆贸易", "远帆国际贸易有限公司", "办公"),
    ("慧同软件", "慧同软件有限公司", "办公"),
    ("安澜保险", "安澜保险代理有限公司", "办公"),
    ("知行咨询", "知行企业管理咨询有限公司", "办公"),
    ("墨白传媒", "墨白文化传媒有限公司", "办公"),
)

#: brand, company, trade
TENANTS = (
    ("山间咖啡", "翠湖山间餐饮管理有限公司", "餐饮"),
    ("青禾书屋", "青禾文化传播有限公司", "文化"),
    ("一味面馆", "一味餐饮有限公司", "餐饮"),
    ("小满童装", "小满服饰有限公司", "服装"),
    ("云朵烘焙", "云朵食品有限公司", "餐饮"),
    ("明眸眼镜", "明眸视光科技有限公司", "零售"),
    ("鹿鸣茶饮", "鹿鸣茶业有限公司", "餐饮"),
    ("健行健身", "健行体育发展有限公司", "运动"),
    ("悦音琴行", "悦音艺术培训有限公司", "培训"),
    ("百草药房", "百草堂医药连锁有限公司", "零售"),
    ("南风服饰", "南风服饰贸易有限公司", "服装"),
    ("锦鲤美发", "锦鲤美容美发有限公司", "生活服务"),
    ("蜀九火锅", "蜀九餐饮管理有限公司", "餐饮"),
    ("果然鲜", "果然鲜农产品有限公司", "零售"),
    ("棋乐儿童", "棋乐文化艺术有限公司", "培训"),
    ("拾光照相", "拾光摄影有限公司", "生活服务"),
    ("和安口腔", "和安口腔门诊有限公司", "医疗"),
    ("原点数码", "原点电子科技有限公司", "零售"),
    ("竹里日料", "竹里餐饮有限公司", "餐饮"),
    ("木田家居", "木田家居用品有限公司", "零售"),
    ("雅集花艺", "雅集园艺有限公司", "零售"),
    ("乐宠之家", "乐宠宠物用品有限公司", "生活服务"),
    ("星辰影城", "星辰影院管理有限公司", "娱乐"),
    ("老街小吃", "老街餐饮服务部", "餐饮"),
    ("知味超市", "知味商业有限公司", "零售"),
    ("晨光文具", "晨曦文化用品有限公司", "零售"),
    ("江畔鱼馆", "江畔餐饮管理有限公司", "餐饮"),
    ("朗朗少儿英语", "朗朗教育咨询有限公司", "培训"),
    ("素年女装", "素年服饰有限公司", "服装"),
    ("极速配镜", "极速视光科技有限公司", "零售"),
    ("谷雨轻食", "谷雨餐饮管理有限公司", "餐饮"),
    ("松果玩具", "松果玩具有限公司", "零售"),
)

CONTRACT = """
<h2 class="op-paper-title">商铺租赁合同</h2>
<p>合同编号：{number}</p>
<p>出租方（甲方）：{landlord}<br/>承租方（乙方）：{tenant}<br/>担保方：{guarantor}</p>
<p>甲乙双方根据《中华人民共和国民法典》等有关规定，在平等、自愿的基础上，就商铺租赁事宜订立本合同。</p>
<p><strong>第一条 租赁商铺</strong></p>
<p>甲方将位于{site}的下列商铺出租给乙方，计租面积合计{area}平方米，经营品牌“{brand}”，经营业态：{trade}。</p>
{spaces}
<p><strong>第二条 租赁期限</strong></p>
<p>租赁期自{start}起至{end}止，交付日为{handover}。免租期：{rent_free}。</p>
<p><strong>第三条 租金及支付</strong></p>
<p>支付方式：{cadence}。租金递增：{steps}。租赁期内应付款项合计人民币{total}元（大写：{total_words}）。</p>
{schedule}
<p><strong>第四条 保证金</strong></p>
<p>乙方于签约时支付保证金人民币{deposit}元（大写：{deposit_words}），租赁期满结清费用并交还商铺后无息退还。</p>
<p><strong>第五条 其他约定</strong></p>
<p>{terms}</p>
<p>本合同一式两份，双方各执一份，自双方签字盖章之日起生效。</p>
<p>甲方（盖章）：＿＿＿＿＿＿＿＿　　　乙方（盖章）：＿＿＿＿＿＿＿＿</p>
"""
