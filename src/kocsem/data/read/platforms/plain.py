"""A plain table: one row an answer sheet, headers that are codes or questions.

In: the header of any CSV or workbook. Out: its columns. The layout of data that was
prepared by hand; `COMMON_ROLES` are the names that columns about the answer sheet have
in exports of many platforms.
"""

from collections.abc import Mapping

from kocsem.data.read.cells import RawTable
from kocsem.data.read.headers import code_readings, lay_out
from kocsem.data.read.platform import Layout, Platform, Role

_NAMES: dict[Role, str] = {
    "seconds": "seconds duration duration(inseconds) duration__in_seconds_ 所用时间 "
    "答题时长 interviewtime",
    "began": "starttime start_time startdate 开始时间 开始答题时间",
    "ended": "endtime end_time enddate submitdate 结束时间 结束答题时间",
    "origin": "origin ip ipaddress ip_address ipaddr 来自ip ip地址",
    "device": "deviceid device_id 设备号 设备id",
    "source": "source sourcedetails 来源 来源详情",
    "ignored": "id row respondent 序号 编号 提交答卷时间 responseid response_id "
    "openid open_id unionid 微信openid userid user_id 用户id 用户标识 nickname 昵称 "
    "微信昵称 useragent user_agent referrer recipientemail recipientfirstname "
    "recipientlastname locationlatitude locationlongitude latitude longitude 经度 纬度 "
    "地理位置 地理位置省 地理位置市 地理位置国家和地区 geopoint phonenumber token",
}


def roles_named(names: Mapping[Role, str]) -> dict[str, Role]:
    """Turn lists of fixed headers into a table of roles.

    Parameters
    ----------
    names : mapping of role to str
        For each role the headers that have it, as `label_key` writes them, with blanks
        between them.

    Returns
    -------
    dict of str to role
        The role of each header.
    """
    return {name: role for role, listed in names.items() for name in listed.split()}


#: Roles of headers that no platform uses for a question.
COMMON_ROLES = roles_named(_NAMES)

#: Cells that mean "not answered" in data that went through statistics software.
COMMON_EMPTY = frozenset(
    {"", "na", "n/a", "nan", "null", "none", ".", "#n/a", "#null!"}
)


def _recognises(table: RawTable) -> bool:
    """Any table will do; this platform is asked last."""
    return bool(table.header)


def _layout(table: RawTable) -> Layout:
    return Layout(table, lay_out(table, COMMON_ROLES, lambda h, _: code_readings(h)))


PLAIN = Platform(
    name="plain",
    recognises=_recognises,
    layout=_layout,
    empty=COMMON_EMPTY,
    separators="┋;|",
)
