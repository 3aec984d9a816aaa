"""Why something was refused, or ended: one list for the core, the API, care and the subscriber.

The order of the numbers is the precedence of the guards; numbers are stable and never used again.
"""

from collections.abc import Mapping
from enum import IntEnum
from typing import Final

from msgspec import Struct


class Reason(IntEnum):
    """A refusal, or why a request or subscription ended, in the order in which guards speak."""

    RESENT = 10
    UNDECODABLE = 20
    INCOMPLETE = 25
    NOT_UNDERSTOOD = 30
    UNTRUSTED_SOURCE = 40
    SMS_ALONE = 45
    UNKNOWN_SERVICE = 100
    NOT_OWN_SERVICE = 105
    WRONG_SHORT_CODE = 110
    PARTNER_SUSPENDED = 112
    SERVICE_SUSPENDED = 114
    CERTIFICATE_INVALID = 120
    NOT_ROLLED_OUT = 130
    PROMPT_UNFIT = 135
    NUMBER_PORTED_OUT = 140
    NUMBER_TERMINATED = 145
    NUMBER_PORTED_IN = 150
    NUMBER_RECYCLED = 155
    NUMBER_TRANSFERRED = 160
    NUMBER_BARRED = 165
    SIM_CHANGED = 170
    NUMBER_NOT_OURS = 175
    CHECK_UNANSWERED = 180
    ALREADY_ACTIVE = 200
    REQUEST_OPEN = 210
    BLOCK_LISTED = 220
    MINOR_PROTECTED = 230
    DO_NOT_CALL = 240
    NO_SMS_CAPABILITY = 250
    QUIET_HOURS = 260
    COOL_DOWN = 270
    SERVICE_RATE_LIMIT = 280
    SUBSCRIBER_RATE_LIMIT = 290
    NOTHING_PENDING = 300
    PROMPT_UNANSWERED = 310
    SEVERAL_PENDING = 320
    SERVICE_NOT_NAMED = 330
    CODE_MISSING = 332
    WRONG_CODE = 334
    MAYBE_RESENT = 336
    WINDOW_PASSED = 340
    LATE_DELIVERY = 345
    PRICE_CHANGED = 350
    PARTNER_CHANGED = 352
    CONSENT_REQUIRED = 360
    LOW_BALANCE = 400
    CHARGE_REFUSED = 410
    CHARGE_UNKNOWN = 420
    PERIODS_CHARGED_HERE = 430
    PROMPT_REFUSED = 500
    PROMPT_NOT_ACCEPTED = 510
    PROMPT_NOT_DELIVERED = 520
    PROMPT_UNCERTAIN = 525
    WELCOME_NOT_ACCEPTED = 530
    NOTHING_TO_STOP = 600
    STOP_UNCLEAR = 610
    COMPLAINT_UNCLEAR = 620
    SUBSCRIBER_DECLINED = 700
    SUBSCRIBER_CANCELLED = 710
    SUBSCRIBER_STOPPED = 720
    AGENT_STOPPED = 722
    PARTNER_STOPPED = 724
    SUBSCRIBER_DISPUTED = 726
    PACKAGE_CHANGED = 728
    NO_CONFIRMATION = 730
    CODES_USED_UP = 732
    UNKNOWN_RECEIPT = 800
    SETTLED_BEFORE = 810


class Explanation(Struct, frozen=True):
    """What a reason means, to whoever meets it."""

    doc: str
    """For the developer and the reference page."""
    agent: str
    """For the care agent, in Vietnamese, as read aloud."""
    text: str | None
    """The key of the SMS that tells the subscriber; None where silence is right."""

    # The problem type of the HTTP API ends in the reason's own name and needs no column here.


R = Reason

EXPLANATIONS: Final[Mapping[Reason, Explanation]] = {
    R.RESENT: Explanation(
        "The SMSC brought the same message again; it has had its effect already.",
        "Tổng đài tin nhắn gửi lại tin cũ; tin này đã được xử lý.",
        None,
    ),
    R.UNDECODABLE: Explanation(
        "The message's bytes are no text under its data coding; they are kept as they came.",
        "Tin nhắn không đọc được; hệ thống giữ nguyên bản gốc.",
        "help",
    ),
    R.INCOMPLETE: Explanation(
        "Not all parts of a long message came: what came is kept, and says nothing.",
        "Tin nhắn dài không đến đủ các phần nên không được xử lý.",
        "help",
    ),
    R.NOT_UNDERSTOOD: Explanation(
        "The text is no keyword: it is not consent, and help was offered.",
        "Tin nhắn không đúng cú pháp, không được coi là đồng ý.",
        "help",
    ),
    R.UNTRUSTED_SOURCE: Explanation(
        "A call claimed to be the subscriber's reply, which only an SMS from their own SIM is.",
        "Có hệ thống mạo nhận tin trả lời của thuê bao; tin này không được chấp nhận.",
        None,
    ),
    R.SMS_ALONE: Explanation(
        "A yes, or the opening of a lock, counts by SMS from the SIM alone, and not over USSD.",
        "Đồng ý và mở chặn chỉ được nhận bằng SMS từ SIM của thuê bao.",
        "ussd_sms_alone",
    ),
    R.UNKNOWN_SERVICE: Explanation(
        "No service answers to that code.",
        "Không có dịch vụ nào mang mã này.",
        "not_on_air",
    ),
    R.NOT_OWN_SERVICE: Explanation(
        "A partner asks for its own services only, and ends nothing of another's.",
        "Đối tác chỉ được yêu cầu và hủy dịch vụ của chính mình.",
        None,
    ),
    R.WRONG_SHORT_CODE: Explanation(
        "A service is joined and confirmed on its own short code only.",
        "Thuê bao nhắn sai đầu số của dịch vụ.",
        "wrong_short_code",
    ),
    R.PARTNER_SUSPENDED: Explanation(
        "The operator has stopped the partner: nothing of it is asked, confirmed or charged.",
        "Nhà mạng đã tạm dừng đối tác này nên không đăng ký và không thu phí.",
        "not_on_air",
    ),
    R.SERVICE_SUSPENDED: Explanation(
        "The operator has stopped the service: it is not asked about, confirmed or charged.",
        "Nhà mạng đã tạm dừng dịch vụ này nên không đăng ký và không thu phí.",
        "not_on_air",
    ),
    R.CERTIFICATE_INVALID: Explanation(
        "The partner has no certificate that is valid today.",
        "Giấy chứng nhận của đối tác không còn hiệu lực.",
        "not_on_air",
    ),
    R.NOT_ROLLED_OUT: Explanation(
        "The service is not served by double confirmation yet, and is not passed on.",
        "Dịch vụ chưa được cung cấp qua hệ thống xác nhận hai lần.",
        "not_on_air",
    ),
    R.PROMPT_UNFIT: Explanation(
        "The prompt lacks what the policy demands, so nobody is asked and the service is paused.",
        "Tin hỏi xác nhận của dịch vụ thiếu nội dung bắt buộc nên dịch vụ tạm dừng.",
        "not_on_air",
    ),
    R.NUMBER_PORTED_OUT: Explanation(
        "The number went to another network: what its holder had is over, and nothing starts.",
        "Số thuê bao đã chuyển sang mạng khác; mọi dịch vụ đã kết thúc.",
        "number_not_served",
    ),
    R.NUMBER_TERMINATED: Explanation(
        "The contract ended: what the number's holder had is over, and nothing starts.",
        "Thuê bao đã chấm dứt hợp đồng; mọi dịch vụ đã kết thúc.",
        "number_not_served",
    ),
    R.NUMBER_PORTED_IN: Explanation(
        "The number came from another network, of which nothing is assumed.",
        "Số thuê bao chuyển từ mạng khác đến; không kế thừa dịch vụ nào.",
        None,
    ),
    R.NUMBER_RECYCLED: Explanation(
        "The number was given to somebody else: nothing of the former holder crosses over.",
        "Số đã được cấp lại cho chủ mới; dịch vụ của chủ cũ đã kết thúc.",
        None,
    ),
    R.NUMBER_TRANSFERRED: Explanation(
        "The contract went to another holder: nothing of the former holder crosses over.",
        "Thuê bao đã chuyển chủ quyền; dịch vụ của chủ cũ đã kết thúc.",
        None,
    ),
    R.NUMBER_BARRED: Explanation(
        "The number is suspended or blocked, one way or both: nothing starts meanwhile.",
        "Thuê bao đang bị khóa một hoặc hai chiều nên không đăng ký được.",
        "number_not_served",
    ),
    R.SIM_CHANGED: Explanation(
        "The SIM was changed after the request: its prompt can no longer be answered.",
        "Thuê bao vừa đổi SIM nên yêu cầu cũ hết hiệu lực.",
        "sim_changed",
    ),
    R.NUMBER_NOT_OURS: Explanation(
        "The number is in another network, whatever its prefix says.",
        "Số này thuộc mạng khác nên không đăng ký được dịch vụ.",
        "number_not_served",
    ),
    R.CHECK_UNANSWERED: Explanation(
        "The system that must be asked about the number gave no answer: nothing starts.",
        "Chưa kiểm tra được thuê bao nên dịch vụ chưa được đăng ký, không mất phí.",
        "not_checked",
    ),
    R.ALREADY_ACTIVE: Explanation(
        "The subscriber has the service: nothing is added and nothing is charged.",
        "Thuê bao đang dùng dịch vụ này, không đăng ký và không thu thêm.",
        "already",
    ),
    R.REQUEST_OPEN: Explanation(
        "A request for the service is open already; asking twice is one request.",
        "Thuê bao đã có một yêu cầu đang chờ xác nhận.",
        None,
    ),
    R.BLOCK_LISTED: Explanation(
        "The subscriber shut the number for new services; only the text MO from it opens it again.",
        "Thuê bao đã chặn đăng ký dịch vụ mới; soạn MO gửi 123 để mở lại.",
        "blocked",
    ),
    R.MINOR_PROTECTED: Explanation(
        "A child's line, or one with a parental lock, asks for nothing that costs.",
        "Thuê bao của trẻ em hoặc bị phụ huynh khóa nên không đăng ký được dịch vụ.",
        "minor_protected",
    ),
    R.DO_NOT_CALL: Explanation(
        "The number is on the do-not-call register, and nothing shows that its holder asked.",
        "Thuê bao trong danh sách không quảng cáo và không tự yêu cầu dịch vụ này.",
        None,
    ),
    R.NO_SMS_CAPABILITY: Explanation(
        "Texts do not reach the number, so nobody can be asked; an SMS from it proves otherwise.",
        "Tin nhắn không đến được thuê bao này nên không thể hỏi xác nhận.",
        None,
    ),
    R.QUIET_HOURS: Explanation(
        "Nobody is invited at night: a request without proof of the subscriber's act must wait.",
        "Ngoài giờ cho phép: yêu cầu của đối tác không kèm bằng chứng thuê bao tự làm.",
        None,
    ),
    R.COOL_DOWN: Explanation(
        "The subscriber refused the service lately, or left two prompts for it unanswered.",
        "Thuê bao vừa từ chối hoặc không trả lời hai lần; kênh khác phải đợi.",
        None,
    ),
    R.SERVICE_RATE_LIMIT: Explanation(
        "The number was asked about this service as often today as other channels may.",
        "Thuê bao đã được hỏi về dịch vụ này đủ số lần trong ngày.",
        None,
    ),
    R.SUBSCRIBER_RATE_LIMIT: Explanation(
        "The number was asked as often, over all partners, as it may be in an hour or a day.",
        "Thuê bao đã được hỏi quá nhiều lần trong một giờ hoặc một ngày.",
        "try_later",
    ),
    R.NOTHING_PENDING: Explanation(
        "A yes or no came while no request waited for one.",
        "Không có yêu cầu nào đang chờ thuê bao xác nhận.",
        "nothing_pending",
    ),
    R.PROMPT_UNANSWERED: Explanation(
        "The reply came before the SMSC answered for the prompt; it is decided with that answer.",
        "Tin trả lời đến khi tin hỏi chưa được tổng đài xác nhận; hệ thống đang chờ.",
        None,
    ),
    R.SEVERAL_PENDING: Explanation(
        "A bare yes while several requests wait confirms none of them.",
        "Nhiều yêu cầu đang chờ; thuê bao chưa nói rõ dịch vụ nào.",
        "confirm_which",
    ),
    R.SERVICE_NOT_NAMED: Explanation(
        "The prompt asked for the service's code after the yes, and the reply did not name it.",
        "Tin trả lời thiếu mã dịch vụ như tin hỏi yêu cầu.",
        "confirm_which",
    ),
    R.CODE_MISSING: Explanation(
        "The request is confirmed by the code of its prompt alone, and the reply did not have it.",
        "Tin trả lời thiếu mã số trong tin hỏi.",
        "confirm_code",
    ),
    R.WRONG_CODE: Explanation(
        "The code is not that of a prompt the subscriber has: it counts as a wrong attempt.",
        "Mã số trong tin trả lời không đúng với tin hỏi.",
        "wrong_code",
    ),
    R.MAYBE_RESENT: Explanation(
        "The yes may be an earlier one once more: what may be either confirms nothing new.",
        "Không rõ tin đồng ý này là tin mới hay tin cũ gửi lại nên hệ thống hỏi lại.",
        "confirm_which",
    ),
    R.WINDOW_PASSED: Explanation(
        "The confirmation came at or after the deadline: silence had ended the request.",
        "Thuê bao xác nhận sau thời hạn nên không được đăng ký và không mất phí.",
        "late_confirm",
    ),
    R.LATE_DELIVERY: Explanation(
        "The SMSC had the confirmation in time and brought it more than two minutes later: it does "
        "not count, and is kept for review.",
        "Thuê bao nhắn trong hạn nhưng tổng đài chuyển đến quá muộn; cần xem xét lại.",
        "late_confirm",
    ),
    R.PRICE_CHANGED: Explanation(
        "Price or period changed after the prompt: the old terms cannot be confirmed any more.",
        "Giá hoặc chu kỳ đã đổi sau tin hỏi nên xác nhận cũ không còn giá trị.",
        "withdrawn",
    ),
    R.PARTNER_CHANGED: Explanation(
        "Another partner provides the service now: a yes to the old one says nothing of it.",
        "Dịch vụ đã chuyển sang đối tác khác nên xác nhận cũ không còn giá trị.",
        "withdrawn",
    ),
    R.CONSENT_REQUIRED: Explanation(
        "The partner has no active subscription here: nothing may be provided or charged.",
        "Đối tác đòi cung cấp hoặc thu phí khi thuê bao chưa đồng ý; hệ thống đã từ chối.",
        None,
    ),
    R.LOW_BALANCE: Explanation(
        "The account cannot pay the price; nothing was taken.",
        "Tài khoản không đủ tiền nên dịch vụ chưa được đăng ký.",
        "low_balance",
    ),
    R.CHARGE_REFUSED: Explanation(
        "The charging system refused the debit; nothing was taken.",
        "Hệ thống tính cước từ chối nên dịch vụ chưa được đăng ký.",
        "charge_failed",
    ),
    R.CHARGE_UNKNOWN: Explanation(
        "The charging system did not say whether it took the money; if it did, it is given back.",
        "Không rõ kết quả trừ cước; nếu đã trừ, tiền sẽ được hoàn.",
        "charge_failed",
    ),
    R.PERIODS_CHARGED_HERE: Explanation(
        "Each period is charged by the platform, once: a partner never charges it as well.",
        "Phí do hệ thống thu mỗi kỳ một lần; đối tác không được tự thu.",
        None,
    ),
    R.PROMPT_REFUSED: Explanation(
        "The SMSC refused the prompt for good.",
        "Tổng đài từ chối gửi tin hỏi tới thuê bao.",
        None,
    ),
    R.PROMPT_NOT_ACCEPTED: Explanation(
        "The SMSC did not accept the prompt in time; no prompt may come out of nowhere.",
        "Tin hỏi không gửi được trong thời gian cho phép.",
        None,
    ),
    R.PROMPT_NOT_DELIVERED: Explanation(
        "The prompt did not reach the handset.",
        "Tin hỏi không đến được máy của thuê bao.",
        None,
    ),
    R.PROMPT_UNCERTAIN: Explanation(
        "Nobody knows whether either copy of the prompt arrived, and the subscriber asked again: a "
        "fresh request took its place.",
        "Không rõ tin hỏi cũ có đến máy hay không; thuê bao đăng ký lại nên có yêu cầu mới.",
        None,
    ),
    R.WELCOME_NOT_ACCEPTED: Explanation(
        "The notice that the service started was not accepted in time: the charge is given back.",
        "Tin báo đăng ký thành công không gửi được nên tiền đã được hoàn.",
        None,
    ),
    R.NOTHING_TO_STOP: Explanation(
        "There is nothing to stop.",
        "Thuê bao không dùng dịch vụ nào.",
        "nothing_to_stop",
    ),
    R.STOP_UNCLEAR: Explanation(
        "A stop that does not say which of several services it means.",
        "Thuê bao chưa nói rõ muốn hủy dịch vụ nào.",
        "cancel_which",
    ),
    R.COMPLAINT_UNCLEAR: Explanation(
        "A complaint that names nothing that the number has or had.",
        "Thuê bao khiếu nại nhưng không nói rõ dịch vụ nào.",
        "complain_which",
    ),
    R.SUBSCRIBER_DECLINED: Explanation(
        "The subscriber said no.", "Thuê bao đã từ chối.", "declined"
    ),
    R.SUBSCRIBER_CANCELLED: Explanation(
        "The subscriber cancelled the request before confirming it.",
        "Thuê bao đã hủy yêu cầu trước khi xác nhận.",
        "cancelled",
    ),
    R.SUBSCRIBER_STOPPED: Explanation(
        "The subscriber stopped the service.", "Thuê bao đã hủy dịch vụ.", "cancel_ack"
    ),
    R.AGENT_STOPPED: Explanation(
        "An agent of the operator ended it for the subscriber.",
        "Tổng đài viên đã hủy theo yêu cầu của thuê bao.",
        "cancel_ack",
    ),
    R.PARTNER_STOPPED: Explanation(
        "The partner ended it for the subscriber.",
        "Đối tác đã hủy dịch vụ cho thuê bao.",
        "cancel_ack",
    ),
    R.SUBSCRIBER_DISPUTED: Explanation(
        "The subscriber complained: nothing is charged until that is answered.",
        "Thuê bao đang khiếu nại; dịch vụ không thu phí cho đến khi có trả lời.",
        "complaint_open",
    ),
    R.PACKAGE_CHANGED: Explanation(
        "Another package of the group was chosen: at most one of them is on.",
        "Thuê bao đã chuyển sang gói khác cùng nhóm.",
        "replaced",
    ),
    R.NO_CONFIRMATION: Explanation(
        "No confirmation came inside the window: silence ends a request.",
        "Thuê bao không xác nhận trong thời hạn nên yêu cầu tự hủy, không mất phí.",
        "expired",
    ),
    R.CODES_USED_UP: Explanation(
        "Too many wrong codes: the request is cancelled, and a new one has a new code.",
        "Thuê bao nhập sai mã quá số lần cho phép nên yêu cầu bị hủy, không mất phí.",
        "code_used_up",
    ),
    R.UNKNOWN_RECEIPT: Explanation(
        "Nobody awaits this receipt: its text was reported before, or never was ours.",
        "Báo nhận không khớp với tin nào đang chờ.",
        None,
    ),
    R.SETTLED_BEFORE: Explanation(
        "What this is about was settled before it came.",
        "Việc này đã được giải quyết trước đó.",
        None,
    ),
}
"""What each reason means; a test checks that none is missing."""


def problem_type(reason: Reason) -> str:
    """The last part of the `type` of an RFC 9457 problem."""
    return reason.name
