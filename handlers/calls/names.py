"""Whether a word looks like somebody's name, or a company's."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方"
    "俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧"
    "计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫"
    "经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓"
    "牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙"
    "池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍却璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向"
    "古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙养鞠须丰巢关蒯相"
    "查后荆红游竺权逯盖益桓公仉督肖付闫代覃"
)
_DOUBLE = "欧阳|司马|诸葛|上官|东方|皇甫|尉迟|公孙|慕容|令狐|宇文|长孙|司徒|夏侯|端木|南宫|轩辕|独孤"
_TITLES = (
    "先生|女士|小姐|经理|总监|总经理|老师|主管|店长|老板|老板娘|会计|师傅|主任|科长|部长|组长|"
    "店员|财务|出纳|客服|技术|总|工|姐|哥|姨|叔|师"
)
_SURNAME = rf"(?:{_DOUBLE}|[{_SURNAMES}])"
_NAME = re.compile(
    rf"(?:{_SURNAME}[\u4e00-\u9fff]{{0,2}}(?:{_TITLES})|{_SURNAME}[\u4e00-\u9fff]{{1,2}}|[小老阿大]{_SURNAME}(?:{_TITLES})?"
    rf"|{_SURNAME}某某?|姓{_SURNAME}(?:的(?:{_TITLES}))?"
    rf"|(?:有?一?位|一个|某)(?:先生|女士|小姐|男士)"
    rf"|(?:Mr|Mrs|Ms|Miss|Dr)\.? [A-Za-z]+|[A-Za-z][A-Za-z .]{{1,20}})"
)
#: Words of two or three characters that begin like a surname and are none.
_NO_NAME = re.compile(
    r".*(?:故障|报错|错误|失败|异常|问题|无法|不能|不了|打印|刷卡|刷不|支付|收款|收银|到账|退款|结算|对账|开票|发票|订货|扫码|"
    r"网络|机器|机具|终端|黑屏|蓝屏|死机|掉线|断网|登录|登陆|密码|系统|平台|后台|商户|门店|店铺|交易|订单|签约|进件|费率|手续费|"
    r"限额|额度|绑卡|余额|查询|显示|提示|重启|更新|升级|安装|维修|更换|全部|[多几一]台|今天|昨天|客户|顾客|用户|卡纸|打不开|"
    r"连不上|没反应|连接|超时|小票|扣款|重复|单边|金额|二维码|付款|银行|信号|电池|充电|按键|屏幕|处理|解决|紧急|日常|咨询|投诉|"
    r"申请|催|回电|电话).*|.*[区省市县镇村]|"
    r".*(?:[不没了灯码闪]|解[绑约除]|流水|温度|信号|权限|卡顿|闪退).*"
)
_NOT_GIVEN = frozenset(
    """
    安卓 通道 平时 经常 时候 现在 公司 都是 都不 都没 全部 全都 连续 马上 尽快 成功 明天 明早
    单号 高峰 时间 方便 相关 关于 那边 那个 白屏 花屏 红灯 通知 通话 安排 都在 车上 路上 应该
    应答 别的 终于 从来 后来 一直 居然 平常 常常 明显 强制 满额 利息 广告 家里 国内 文件 习惯
    易懂 有时 边框 双卡 双屏 空白 简单 权限 师傅 POS APP SN ID OK API SDK ATM WIFI PC IP
    """.casefold().split()
)
_UNIT = (
    r"(?:\w{0,6}(?:部门?|店|组|科|处|中心|窗口|前台)"
    r"|财务|客服|技术|会计|出纳|店长|运营|业务|采购|市场|行政|人事|收银)的?"
)
SAYS = re.compile(
    rf"^(?:联系人|来电人|姓名|名叫|叫|我是|是|找|有个|有一个|一个叫|一个)?(?P<name>(?:{_UNIT})?(?:姓{_SURNAME}(?:的(?:{_TITLES}))?|[小老阿]{_SURNAME}|{_SURNAME}[\u4e00-\u9fff]{{0,2}}?(?:{_TITLES})|{_SURNAME}[\u4e00-\u9fff]{{1,2}}?))"
    r"(?=(?:刚才|刚刚|刚)?(?:来电|打来|打过来|打进来|打电话|致电|来电话|反映|反应|反馈|说|称|报告|报修|报障|投诉|咨询|表示|告知|讲))"
)
"""Somebody who 说, 反映 or 来电: the name before it."""
TITLED = re.compile(
    rf"^(?:(?:{_DOUBLE})|[{_SURNAMES}])(?:{_TITLES})|^[小老阿]{_SURNAME}(?=[\u4e00-\u9fff]?$)"
)
"""A surname with a title, with more behind it."""
SPACED = rf"(?:Mr|Mrs|Ms|Miss|Dr)\.? [A-Za-z]+|{_SURNAME} (?:{_TITLES})(?![\u4e00-\u9fff])"
"""A name that a space takes apart."""
_OF_UNIT = re.compile(
    rf"{_UNIT}(?:{_SURNAME}[\u4e00-\u9fff]?(?:{_TITLES})|[小老阿][\u4e00-\u9fff])|\w{{1,5}}部{_SURNAME}[\u4e00-\u9fff]{{1,2}}"
)
_SHORT = re.compile(rf"{_SURNAME}|[小阿][\u4e00-\u9fff]")
_COMPANY = re.compile(
    r"[\u4e00-\u9fffA-Za-z0-9（）()]{2,}(?:支付|科技|网络|商贸|信息|集团|公司|商户|超市|药店|酒店|饭店|餐饮|数据|软件|金服|金融|通信|电子|贸易|便利店|商行|商城|百货|连锁)"
)
#: Words no company is called by: what holds one may end like a company, and is a sentence.
_SENTENCE = re.compile(r"[不没了的吗呢请问某]|无法|怎么|如何|什么|能否|是否|可以")


def looks_like_company(word: str) -> bool:
    """Whether a word that stands alone ends as companies' names do, and is no sentence (怎么注册商户)."""
    return _COMPANY.fullmatch(word) is not None and _SENTENCE.search(word) is None


def nearest(said: str, names: Iterable[tuple[str, str]]) -> str:
    """What a name stands for that is written as was said but for one character; empty where none is, or many.

    Args:
        names: each with what it stands for. Of names shorter than three characters half would be near.
    """
    near = {full for name, full in names if len(name) >= 3 and _apart_by_one(said, name)}
    return near.pop() if len(near) == 1 else ""


def _apart_by_one(one: str, other: str) -> bool:
    if len(one) > len(other):
        one, other = other, one
    if one == other or len(other) - len(one) > 1:
        return False
    first = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    return one[first + (len(one) == len(other)) :] == other[first + 1 :]


def short_name(word: str) -> bool:
    """Whether a word may be a name where only a name would stand: 张, 小美, 阿强; elsewhere it is none."""
    return _SHORT.fullmatch(word) is not None and word not in _NOT_GIVEN and not _NO_NAME.fullmatch(word)


def looks_like_name(word: str) -> bool:
    """Whether a word by itself may be what a caller is called."""
    return (
        (_NAME.fullmatch(word) or re.fullmatch(SPACED, word) or _OF_UNIT.fullmatch(word)) is not None
        and word.casefold() not in _NOT_GIVEN
        and _NO_NAME.fullmatch(word) is None
    )
