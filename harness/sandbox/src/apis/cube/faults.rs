//! What the Cube provider can be told to get wrong.

use crate::fault::Fault;

/// All of them: first the connection and the answer's form, then its fields, then what is checked.
pub(super) const FAULTS: &[Fault] = &[
    SLOW_ANSWER,
    CONNECTION_DROPPED,
    ANSWER_CUT_OFF,
    REFUSED_WITH_400,
    MISSING_FIELD_500,
    DUPLICATE_KEY,
    UNDOCUMENTED_FIELD,
    SUCCESS_AS_STRING,
    SUCCESS_WHEN_REFUSED,
    CODE_AS_NUMBER,
    SAME_CODE_FOR_ALL,
    EMPTY_MESSAGE,
    QUESTION_MARKS,
    LANGUAGE_IGNORED,
    DATA_MISSING,
    ORDER_ID_NULL,
    ORDER_ID_REPEATED,
    DATES_WHEN_NOT_OPENED,
    DATES_WITH_DASHES,
    PERIOD_IGNORED,
    SIGNATURE_NOT_VERIFIED,
    ACCESS_CODE_NOT_CHECKED,
    UNKNOWN_ENUM_ACCEPTED,
    AMOUNT_NOT_CHECKED,
    UNKNOWN_DEVICE_ACCEPTED,
    PACKAGE_TYPE_NOT_CHECKED,
    PERIOD_UNLIMITED,
    NUMBERS_ACCEPTED,
    MALFORMED_BODY_500,
    LONG_NAME_DROPPED,
];

const fn fault(name: &'static str, defect: &'static str) -> Fault {
    Fault { name, api: super::NAME, defect }
}

pub(super) const SLOW_ANSWER: Fault =
    fault("cube-slow-answer", "An answer takes seconds, because each order is first sent to another system.");
pub(super) const CONNECTION_DROPPED: Fault = fault(
    "cube-connection-dropped",
    "The connection is closed without an answer once an order has been accepted.",
);
pub(super) const ANSWER_CUT_OFF: Fault = fault(
    "cube-answer-cut-off",
    "The connection is closed in the middle of the answer to an accepted order.",
);
pub(super) const REFUSED_WITH_400: Fault =
    fault("cube-refused-with-400", "Refusals are sent with HTTP status 400, where only 200 is documented.");
pub(super) const MISSING_FIELD_500: Fault = fault(
    "cube-missing-field-500",
    "A missing field is answered with HTTP 500 and a Java stack trace, not refused.",
);
pub(super) const DUPLICATE_KEY: Fault = fault(
    "cube-duplicate-key",
    "The JSON answer has the key code twice with different values, and clients disagree about which one counts.",
);
pub(super) const UNDOCUMENTED_FIELD: Fault =
    fault("cube-undocumented-field", "Answers have a field traceId that is not documented.");
pub(super) const SUCCESS_AS_STRING: Fault = fault(
    "cube-success-as-string",
    "The field success is a string, \"true\" or \"false\": in many languages both are true.",
);
pub(super) const SUCCESS_WHEN_REFUSED: Fault =
    fault("cube-success-when-refused", "Refusals say success true next to a code that says refused.");
pub(super) const CODE_AS_NUMBER: Fault =
    fault("cube-code-as-number", "The field code is a JSON number, so the documented \"0000\" arrives as 0.");
pub(super) const SAME_CODE_FOR_ALL: Fault = fault(
    "cube-same-code-for-all",
    "All refusals have the code 9999, so clients cannot tell why an order failed.",
);
pub(super) const EMPTY_MESSAGE: Fault = fault("cube-empty-message", "The field message is empty.");
pub(super) const QUESTION_MARKS: Fault = fault(
    "cube-question-marks",
    "Chinese characters of message have been replaced by ? on the way through a Latin-1 resource bundle.",
);
pub(super) const LANGUAGE_IGNORED: Fault =
    fault("cube-language-ignored", "Accept-Language changes nothing: message is always Chinese.");
pub(super) const DATA_MISSING: Fault =
    fault("cube-data-missing", "The answer to an accepted order has no data, so the order id is lost.");
pub(super) const ORDER_ID_NULL: Fault =
    fault("cube-order-id-null", "The order_id of an accepted order is null.");
pub(super) const ORDER_ID_REPEATED: Fault = fault(
    "cube-order-id-repeated",
    "Different orders get the same order_id, as two servers count by themselves.",
);
pub(super) const DATES_WHEN_NOT_OPENED: Fault = fault(
    "cube-dates-when-not-opened",
    "An order with is_open 0 has start and expiry dates, as if its time were running already.",
);
pub(super) const DATES_WITH_DASHES: Fault =
    fault("cube-dates-with-dashes", "Dates are written YYYY-MM-DD, where YYYYMMDD is documented.");
pub(super) const PERIOD_IGNORED: Fault = fault(
    "cube-period-ignored",
    "The expiry date counts one period whatever order_period says, so customers lose what they paid for.",
);
pub(super) const SIGNATURE_NOT_VERIFIED: Fault = fault(
    "cube-signature-not-verified",
    "Any sign is accepted, so anybody can order in another company's name.",
);
pub(super) const ACCESS_CODE_NOT_CHECKED: Fault =
    fault("cube-access-code-not-checked", "An access_code that does not exist is accepted.");
pub(super) const UNKNOWN_ENUM_ACCEPTED: Fault = fault(
    "cube-unknown-enum-accepted",
    "Values that no enumeration of the document has, such as package_type 9 or is_open 2, are accepted.",
);
pub(super) const AMOUNT_NOT_CHECKED: Fault = fault(
    "cube-amount-not-checked",
    "A pay_amount that is negative or has more than two decimals is accepted.",
);
pub(super) const UNKNOWN_DEVICE_ACCEPTED: Fault =
    fault("cube-unknown-device-accepted", "An order for a SIM card that does not exist is accepted.");
pub(super) const PACKAGE_TYPE_NOT_CHECKED: Fault = fault(
    "cube-package-type-not-checked",
    "A documented package_type that is not the one of the ordered package is accepted.",
);
pub(super) const PERIOD_UNLIMITED: Fault =
    fault("cube-period-unlimited", "An order_period of more than 999 periods is accepted.");
pub(super) const NUMBERS_ACCEPTED: Fault =
    fault("cube-numbers-accepted", "JSON numbers are accepted where strings are documented.");
pub(super) const MALFORMED_BODY_500: Fault =
    fault("cube-malformed-body-500", "A body that is not JSON is answered with HTTP 500, not refused.");
pub(super) const LONG_NAME_DROPPED: Fault = fault(
    "cube-long-name-dropped",
    "The connection is closed without an answer when package_name is longer than 1000 characters.",
);
