"""What the resident of the demo sees on the phone: work under way, a quotation, work to rate."""

import io
from datetime import timedelta

from PIL import Image, ImageDraw, ImageFilter

from ..models.maintenance_request_field import Happened

STORIES = (
    {
        "text": "厨房水龙头关不紧,一直滴水,下面的柜子已经泡湿了,请尽快来看看。",
        "days": 1,
        "photos": 2,
        "lines": (("material", "陶瓷阀芯水龙头", 85), ("labour", "上门更换", 40)),
        "until": "quoted",
    },
    {
        "text": "门口走廊的感应灯不亮,晚上回家很黑。",
        "days": 2,
        "photos": 1,
        "note": "更换 LED 感应灯一只,试用正常",
        "until": "done",
    },
    {
        "text": "卫生间马桶进水阀坏了,水一直流。",
        "days": 9,
        "photos": 1,
        "lines": (("material", "马桶进水阀", 68), ("labour", "拆装人工", 50)),
        "note": "更换进水阀,水位已调好",
        "until": "rated",
    },
)
STARS = {"speed": 5, "quality": 5, "attitude": 4, "comment": "师傅很准时,收费透明"}


def build(env, resident, engineer, now):
    """Let the resident's requests go their way, by the steps that people take.

    :param resident: res.users with a portal
    :param engineer: res.users
    :param now: nothing happens after this moment
    """
    occupancy = resident.partner_id._property_current_occupancies_sudo()[:1]
    if not occupancy or not engineer.employee_ids:
        return
    for number, story in enumerate(STORIES):
        _tell(
            env, occupancy, resident, engineer, story, now - timedelta(days=story["days"]), number
        )


def _tell(env, occupancy, resident, engineer, story, at, number):
    def then(record, minutes):
        happened = Happened(at + timedelta(minutes=minutes))
        return record.with_context(property_happened=happened)

    requests = then(env["maintenance.request"].with_user(resident).sudo(), 1)
    one = requests.create(
        {
            "name": story["text"][:60],
            "description": story["text"],
            "site_id": occupancy.site_id.id,
            "unit_id": occupancy.unit_id.id,
            "contact_id": resident.partner_id.id,
            "channel": "portal",
            "kind": "repair",
            "raised_at": at,
        }
    )
    one._attach_photos([picture(number * 7 + index) for index in range(story["photos"])])
    if one.step == "new":
        then(one, 2).action_assign(engineer.employee_ids[:1])
    elif one.assignee_id != engineer.employee_ids[:1]:
        then(one, 2).action_transfer(engineer.employee_ids[:1], "就近安排")
    work = one.with_user(engineer)
    then(work, 9).action_accept()
    then(work, 48).action_arrive()
    if story.get("lines"):
        env["property.request.line"].create(
            [
                {
                    "request_id": one.id,
                    "kind": kind,
                    "name": name,
                    "price_unit": price,
                    "is_chargeable": True,
                }
                for kind, name, price in story["lines"]
            ]
        )
        then(work, 60).action_send_quotation()
    if story["until"] == "quoted":
        return
    if story.get("lines"):
        then(one.quotation_id.with_user(resident), 75)._answer("accepted", "portal")
    then(work, 130).action_done(story["note"])
    if story["until"] == "rated":
        then(one.with_user(resident), 300).action_rate(**STARS)


def picture(seed):
    """Draw what a telephone might show of a leak.

    :return: (name, bytes, mimetype)
    """
    wall = [(214, 205, 190), (196, 208, 214), (206, 198, 212)][seed % 3]
    image = Image.new("RGB", (960, 720), wall)
    draw = ImageDraw.Draw(image)
    for x in range(0, 960, 160):
        draw.line((x, 0, x, 720), fill=tuple(value - 18 for value in wall), width=3)
    for y in range(0, 720, 160):
        draw.line((0, y, 960, y), fill=tuple(value - 18 for value in wall), width=3)
    left = 180 + 70 * (seed % 5)
    for step, shade in enumerate((24, 42, 60)):
        box = (left + 40 * step, 150 + 60 * step, left + 520 - 40 * step, 600 - 40 * step)
        draw.ellipse(box, fill=tuple(value - shade for value in wall))
    image = image.filter(ImageFilter.GaussianBlur(6))
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=80)
    return "photo.jpg", stream.getvalue(), "image/jpeg"
