"""What each kind of table is called by halls: columns by the words that people write above them.

A pattern must cover the whole heading after `headers.plain` has taken spaces, line breaks, stars and brackets off.
The first field whose pattern fits gets the column.
"""

import re
from dataclasses import dataclass

_CODE = "(唯一)?(编码|编号|代码|id|码)"
_UNIT = "(部门|单位|机关|机构|主体|委办局)"
_OWNER = "(主管|实施|责任|所属|归属|归口|承办|办理|牵头|管理|进驻|入驻|审批|所在|权力|行使|受理|服务|工作|职能)?"
_ITEM = "(所属|对应)?(政务服务|政务|服务|实施|办理|办事|审批|包含|涉及|成员|子|主)?事项"
_WINDOW = "(窗口|地点)(号|号码|编号|编码|名称)?"
_LIMIT = "(办结|办理|审批|完成)?((时限|期限|时间|天数|工作日)(工作日|天|日)?(数|天数)?)"
_HALL = "(所属|所在|受理|办理)?(政务|服务|办事|政务服务)?(大厅|分厅|中心|场所|网点)"
_BUNDLE = "(所属)?(套餐|主题|一件事|集成事项|联办事项|主题套餐|一件事套餐|“一件事”)"


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """One kind of table. `must` holds groups of fields; of each group one column has to be there."""

    name: str
    words: str
    columns: dict[str, re.Pattern[str]]
    must: tuple[tuple[str, ...], ...]


def _kind(name: str, words: str, must: tuple[tuple[str, ...], ...], /, **columns: str) -> Kind:
    return Kind(name, words, {field: re.compile(f"{pattern}|{field}") for field, pattern in columns.items()}, must)


KINDS = (
    _kind(
        "department",
        "部门|单位",
        (("name",), ("code", "short_name", "unit_type", "participates")),
        code=f"{_UNIT}{_CODE}|{_CODE}",
        short_name=f"{_UNIT}?(规范)?简称",
        former_names="曾用名称?|原名称?|原(单位|部门|机构)名称?|旧称|旧名|原简称|(更名|改革)前(名称|单位名称|部门名称)|历史名称|曾用名原名称?",
        name_en="(英文名称?|英文全称|英文)",
        name=f"{_UNIT}(全称|名称|名)?|全称|名称",
        unit_type=f"{_UNIT}(类别|类型|性质)|(是否)?进驻(情况|类型|类别|状态)?|类别|类型",
        in_comprehensive="(是否|可否|能否)?(已)?(可)?(纳入|进入|进驻|进|入|在)?(综窗|综合窗口|综合窗|一窗)(受理|办理)?(事项)?",
        participates="(是否)?(参加|参与)(局长)?(走流程|活动|体验|轮岗|坐班)?(活动)?",
        sort_order="排序号?|序号|顺序号?|排列序号",
        note="备注|说明|职能说明",
    ),
    _kind(
        "hall",
        "大厅|分厅|网点",
        (("name",), ("code", "address", "km_from_main", "open_hours")),
        code=f"{_HALL}{_CODE}|{_CODE}",
        name=f"{_HALL}(名称|名)?|名称",
        address="(大厅|详细|办公|具体|所在)?地址|位置|(大厅|办公|办理)地点",
        km_from_main=".*(公里|千米|距离|km).*|距.*",
        open_hours="(开放|办公|营业|服务|对外服务|工作|对外办公|上班)(时间|时段)",
        note="(其他)?(备注|说明)(说明|信息)?",
    ),
    _kind(
        "window",
        "窗口|席位",
        (("number",), ("name", "kind", "hall", "hall_code", "zone")),
        hall_code=f"{_HALL}{_CODE}",
        hall=f"{_HALL}(名称|名)?",
        floor="(所在)?楼层(号)?|层|所在楼",
        zone="(服务|功能|办事|所在|所属)?(分)?(区域|专区|区)(名称)?",
        number="窗口(号|编号|号码|编码|序号|代码)|窗号|席位号",
        name="窗口(名称|名)?|席位名称|名称",
        kind="窗口(类型|类别|性质)|类型|类别",
        serves="可?(受理|办理|服务|承接|代办|接件)(的)?(部门|单位)(编码|代码|名称|简称)?",
        department_code=f"(窗口)?{_OWNER}{_UNIT}{_CODE}",
        department=f"(窗口)?{_OWNER}{_UNIT}(名称|简称)?",
        desk_halves="(可|可供)?体验(时段|时间段|时间|半天|开放时段)|开放时段|体验席位时段",
        is_desk="(是否|能否|可否)?(可|能)?(作|做|作为|用作|用于|设为|供|为)?(局长|领导)?(体验|坐班)(席位|专窗|窗口|座席|席)?|可作(局长|领导)席位",
        active="(启用|使用|窗口|开放|当前)?状态|是否(启用|开放|在用|使用)|启用",
        note="(其他)?(备注|说明)(说明|信息)?",
    ),
    _kind(
        "item",
        "事项清单|事项目录|事项",
        (("name",), ("code",), ("department", "department_code", "committed_days", "handling", "item_type")),
        code=f"{_ITEM}{_CODE}|(基本|实施|实施清单|业务办理项|业务办理|统一|目录|权力|职权|业务|主项|子项){_CODE}|{_CODE}",
        name=f"{_ITEM}(名称|名|全称)?|(业务办理项|权力|职权|项目|服务|主项|子项|业务|办件)名称|名称|办事项目",
        department_code=f"{_OWNER}{_UNIT}{_CODE}",
        item_type="(事项|权力|职权)(类型|类别|性质|分类|种类)|类型|类别",
        handling="办件(类型|类别|性质|种类)|办理(类型|类别)",
        statutory_days=f"(法定|法律|法规){_LIMIT}",
        committed_days=f"承诺{_LIMIT}|办结时限|办理时限|办理期限|办结期限",
        limit_source="(法定|承诺)?(时限|期限)来源",
        name_source="(事项)?名称来源",
        audience="(服务|办理|面向|申请|适用|办事)(对象|主体|人群|群体)(类型|类别)?|申请人(类型|类别)",
        online_depth="(网办|网上办理|网上|在线办理|办理|在线)(深度|程度)",
        online="(是否|能否|可否)?(可|支持|能)?(全程)?(网办|网上办理|网上办|在线办理|网上申办|网上可办)",
        trips="(最多|需要?|到|办事|到厅|线下|申请人)*(跑动|跑腿|到现场|到场|到办事现场|大厅|窗口|跑)(的)?(次数|次|几次)|(最多)?跑动",
        pickup_window=f"(取件|出件|领证|取证|发证|领件|出证|送达|领取|结果领取){_WINDOW}",
        pickup_elsewhere="(是否)?(需)?异地(取件|领证|取证|领取)",
        window=f"(受理|办理|收件|申请|接件|申报|办事|进驻)?(地点)?[或和及]?{_WINDOW}",
        hall=f"{_HALL}(名称|名|编码|编号)?",
        department=f"{_OWNER}{_UNIT}(名称|简称)?",
        result_name="(办理|审批|办件|审批服务|办结)?结果(名称|文书|文书名称|样本名称|物|物名称)?|(证照|证件|批文|出证)名称",
        fee="(是否|有无)?收费(情况|与否)?",
        in_comprehensive="(是否|可否|能否)?(已)?(可)?(纳入|进入|进驻|进|入|在)?(综窗|综合窗口|综合窗|一窗)(受理|办理)?(事项)?",
        frequent="(是否)?(为|属于)?高频(事项)?",
        in_visit_list="(是否)?(列入|纳入|可|在)?(走流程)?(体验|走流程)(清单|事项|目录|事项清单)?",
        has_simulation_pack="(有无|是否有|有)?(标准)?模拟(材料|件|申请材料|套件)",
        status="(事项|发布|目录)?状态",
        note="(其他)?(备注|说明)(说明|信息)?",
    ),
    _kind(
        "step",
        "环节|步骤|流程",
        (("item_code", "item_name"), ("name",), ("number", "days", "post", "signatures")),
        item_code=f"{_ITEM}{_CODE}|实施{_CODE}",
        item_name=f"{_ITEM}(名称|名)?",
        number="(环节|步骤|流程|办理)?(序号|顺序|顺序号|次序|编号|步骤号)|步骤号|环节号|第几步|步序",
        name="(办理|流程|工作|审批|经办)?(环节|步骤|流程)(名称|名)?",
        post="(责任|办理|经办|负责|审批|承办)?(岗位|岗|角色|人员|科室|处室)(名称)?|(责任|办理|经办|负责|承办)人",
        counted="(是否)?(计入|纳入|算入)(承诺|办理|总)?(时限|时间|期限)?(内)?|是否计时",
        days="(环节|办理|本环节|步骤)?(办理)?(时限|时间|期限|用时|耗时|天数|时长|工作日)(工作日|天|天数)?",
        channel="(办理|经办)?(方式|形式|渠道)",
        signatures="(需|需要|应|所需)?几人(签字|签名|签批)|(需|需要|应|所需)?(签字|签名|签批|会签|签章|签字人)(环节)?(的)?(人数|人次|次数|数|数量)?",
        system="(使用|办理|所用|业务|审批|使用的)?系统(名称)?",
        place="(办理|经办)?(地点|窗口|场所|位置|窗口号)",
        note="(环节|步骤)?(说明|备注|描述|内容|要点)",
    ),
    _kind(
        "document",
        "材料",
        (("item_code", "item_name"), ("name",)),
        item_code=f"{_ITEM}{_CODE}|实施{_CODE}",
        item_name=f"{_ITEM}(名称|名)?",
        number="(材料)?(序号|顺序|顺序号|次序)",
        code=f"(材料|要件)({_CODE}|标识)|{_CODE}",
        name="(申请|申报|提交|所需|办理|受理)?(材料|要件)(名称|名|清单|目录)?",
        form="(材料|提交)?(形式|形态|介质|方式)|材料(类型|类别)",
        copies="(材料|需|应|所需)?(提交)?(份数|数量)",
        source_department_code=f"(材料)?(来源|核发|出具|持有|签发|发证){_UNIT}{_CODE}",
        source_department=f"(材料)?(来源|核发|出具|持有|签发|发证){_UNIT}(名称|简称)?",
        source_kind="(材料)?(来源|获取)(渠道|方式|类型)?",
        format_requirement="(材料)?(格式|规格|形式|受理|填报|填写|提交)?(要求|标准|须知)|(材料)?(格式|规格)",
        necessity="(材料)?(必要性|必要程度)|是否(必要|必需|必须|必交)(提交)?|(是否|可否|能否)?(可)?容缺(受理)?",
        shareable="(是否|可否|能否)?(可|能)?(数据)?(共享|调取|共享调取|电子调取|免交|免提交|共享获取)",
        note="(其他)?(备注|说明)(说明|信息)?",
    ),
    _kind(
        "relation",
        "关系|前置",
        (("item_code", "item_name"), ("related_code", "related_name"), ("relation", "note")),
        related_code=f"(关联|前置|相关|依赖|被关联|对应)事项{_CODE}",
        related_name="(关联|前置|相关|依赖|被关联|对应)事项(名称|名)?",
        item_code=f"(本|当前)?{_ITEM}{_CODE}",
        item_name=f"(本|当前)?{_ITEM}(名称|名)?",
        relation="(关系|关联)(类型|类别|关系|方式)?|事项关系",
        note="(关系|关联)?(说明|备注|描述)",
    ),
    _kind(
        "bundle",
        "套餐|一件事",
        (("name",), ("lead", "lead_code"), ("code", "before_days", "after_days", "n_items", "audience")),
        code=f"{_BUNDLE}{_CODE}|{_CODE}",
        name=f"{_BUNDLE}(名称|名)?|名称",
        audience="(服务|办理|面向|申请|适用|办事)(对象|主体|人群|群体)(类型|类别)?|申请人(类型|类别)",
        lead_code=f"牵头{_UNIT}{_CODE}",
        lead=f"牵头({_UNIT}(名称|简称)?)?",
        support_codes=f"(配合|协办|联办|协同|参与){_UNIT}{_CODE}",
        support=f"(配合|协办|联办|协同|参与|涉及){_UNIT}(名称|简称)?",
        n_items="(包含|涉及|联办)?事项(数|数量|个数)",
        before_days="(改革|优化|集成|改造)前((办理|办结)?(时限|时间|天数|期限|工作日))?",
        after_days="(改革|优化|集成|改造)后((办理|办结)?(时限|时间|天数|期限|工作日))?",
        before_materials="(改革|优化|集成|改造)前(申请)?材料(数|份数|数量)?",
        after_materials="(改革|优化|集成|改造)后(申请)?材料(数|份数|数量)?",
        before_trips="(改革|优化|集成|改造)前(跑动|跑腿|跑)(次数|几次)?",
        after_trips="(改革|优化|集成|改造)后(跑动|跑腿|跑)(次数|几次)?",
        before_windows="(改革|优化|集成|改造)前(跑)?(窗口?)(数|数量)?",
        after_windows="(改革|优化|集成|改造)后(跑)?(窗口?)(数|数量)?",
        member_source="(成员|事项)?来源",
        note="(其他)?(备注|说明)(说明|信息)?",
    ),
    _kind(
        "bundle_item",
        "套餐事项|一件事事项|成员",
        (("bundle_code", "bundle_name"), ("item_code", "item_name")),
        bundle_code=f"{_BUNDLE}{_CODE}",
        bundle_name=f"{_BUNDLE}(名称|名)?",
        number="(事项|办理)?(序号|顺序|顺序号|次序)",
        item_code=f"{_ITEM}{_CODE}",
        item_name=f"{_ITEM}(名称|名)?",
        department_code=f"{_OWNER}{_UNIT}{_CODE}",
        department=f"{_OWNER}{_UNIT}(名称|简称)?",
        note="(其他)?(备注|说明)(说明|信息)?",
    ),
    _kind(
        "leader",
        "领导|干部|人员|局长",
        (("display_name", "code"), ("department", "department_code"), ("title", "rank")),
        code="(人员|领导|干部)(编号|编码|代码|号)|工号|编号",
        display_name="显示名称?|姓名|称呼|(人员|领导|干部|局长)(姓名|名称)?|名字|名称",
        department_code=f"{_OWNER}{_UNIT}{_CODE}",
        department=f"(所在|工作)?{_OWNER}{_UNIT}(名称|简称|全称)?",
        title="(行政|现任)?(职务|职位|岗位)(名称)?",
        rank="(职务|领导|干部)?(级别|层级|类别|类型)|职级",
        takes_part="(是否)?(参加|参与)(局长)?(走流程|活动|体验|轮岗|坐班)?(活动)?",
        leave="(不可用|不能参加|不可参加|不便|不可安排|不可排班|不能安排|请假|休假|请休假|外出|出差|公出|请假出差|不在岗|无法参加)"
        "(或)?(不便|请假|外出|出差)?(的)?(日期|时间|时段|安排|情况)?",
        starts_on="(任职|到任)(日期|时间)",
        note="(其他)?(备注|说明)(说明|信息)?",
    ),
)

# Tables that stand beside the catalogue in a hall's folder: recognised, so that none of them is taken for items.
FOREIGN = re.compile("问题(编号|标题|类别.*)|类别编码|活动(编码|名称)|是否工作日|题号|题目|代码组|文件名|发现日期")
