"""What the values of a record are called in tables and pages that people read: in Chinese, in the order of display."""

from __future__ import annotations

from extractor.records import AccountabilityKind, Focus, StatusValue

STATUS: dict[str, str] = {
    StatusValue.COMPLETED.value: "已完成",
    StatusValue.BASICALLY_COMPLETED.value: "基本完成",
    StatusValue.PARTLY_COMPLETED.value: "部分完成",
    StatusValue.IN_PROGRESS.value: "正在整改",
    StatusValue.NOT_STARTED.value: "未启动",
    StatusValue.NOT_STATED.value: "未说明",
}
FOCUS: dict[str, str] = {
    Focus.POLICY.value: "贯彻决策部署",
    Focus.INTEGRITY.value: "全面从严治党",
    Focus.ORGANISATION.value: "基层党组织建设",
    Focus.FOLLOW_THROUGH.value: "巡视巡察审计整改",
    Focus.OTHER.value: "其他",
}
ACCOUNTABILITY: dict[str, str] = {
    AccountabilityKind.TALK.value: "约谈提醒",
    AccountabilityKind.CRITICISM.value: "批评教育",
    AccountabilityKind.WRITTEN_REVIEW.value: "书面检查",
    AccountabilityKind.ADMONITION.value: "诫勉",
    AccountabilityKind.SANCTION.value: "党纪政务处分",
    AccountabilityKind.DISMISSAL.value: "开除解聘",
    AccountabilityKind.REFERRAL.value: "立案移送",
    AccountabilityKind.RECOVERY.value: "追缴退赔",
    AccountabilityKind.OTHER.value: "其他处理",
}
ISSUE: dict[str, str] = {
    "not_a_notice": "不像整改通报",
    "no_findings": "未读出问题",
    "no_title": "缺标题",
    "no_issuer": "缺单位",
    "no_statement": "缺反馈问题",
    "no_rectification": "缺整改情况",
    "no_measures": "缺整改措施",
    "numbering_gap": "序号不连续",
    "numbering_repeat": "序号重复",
    "label_without_finding": "整改情况无所属问题",
    "unassigned_text": "有文字未归入",
    "stray_line": "有串行文字",
    "line_moved": "串行文字已归位",
    "unknown_label": "有未识别的标签",
    "dates_out_of_order": "日期先后矛盾",
    "completed_before_deadline": "完成早于时限",
    "total_findings": "问题总数不符",
    "total_completed": "完成总数不符",
    "status_not_borne_out": "状态与原文不符",
    "value_not_borne_out": "取值与原文不符",
    "undecodable": "有乱码",
    "model_failed": "模型未答",
    "fell_back": "改由规则读取",
    "reply_repaired": "模型答复经修复",
    "re_asked": "模型经重问",
}
"""The kinds of issues that there are names for; others are shown as they are."""
