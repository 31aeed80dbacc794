"""How long a ledger of 10,000 units takes to check, import, import again and undo."""

CODE = """
import base64, io, json, time
import openpyxl

ROWS = 10000
env = env(context={**env.context, "lang": "zh_CN"})
book = openpyxl.Workbook(write_only=True)
units, people = book.create_sheet("房屋"), book.create_sheet("业主住户")
units.append(["基准小区 房屋台账"])
units.append(["楼栋号", "单元号", "楼层", "房号", "用途", "建筑面积", "交房日期"])
people.append(["基准小区 业主住户台账"])
people.append(["房屋", "姓名", "身份", "手机号", "入住日期"])
for number in range(ROWS):
    building, rest = divmod(number, 250)
    entrance, rest = divmod(rest, 125)
    floor, room = divmod(rest, 5)
    room = f"{floor + 1}0{room + 1}"
    units.append([f"{building + 1}栋", entrance + 1, floor + 1, room, "住宅", 88.5, "2020-01-01"])
    people.append([f"{building + 1}-{entrance + 1}-{room}", f"业主{number}", "业主",
                   str(13000000000 + number), "2020-01-01"])
stream = io.BytesIO()
book.save(stream)

def upload():
    return env["property.import"].create(
        {"filename": "基准小区.xlsx", "file": base64.b64encode(stream.getvalue())}
    )

def timed(what, work, count):
    began = time.perf_counter()
    work()
    env.flush_all()
    print(json.dumps({"what": what, "seconds": time.perf_counter() - began, "count": count}))

first, again = upload(), upload()
timed("check 10,000 units and their owners", first.action_check, 2 * ROWS)
timed("import them", first.action_import, 2 * ROWS)
timed("import the same file again", again.action_import, 2 * ROWS)
again.action_undo()
timed("undo the import", first.action_undo, 2 * ROWS)
"""


def run(runner):
    """Import a made-up ledger and take it back.

    :return: rows; ``count`` is rows of the workbook
    """
    runner.fresh()
    return runner.rows(CODE)
