//! What the China Unicom IVR provider can be told to get wrong.

use crate::fault::Fault;

/// All of them: first the answer's bytes, then its fields, then the state, then the callback.
pub(super) const FAULTS: &[Fault] = &[
    UTF8_INSTEAD_OF_GBK,
    GBK_LABELLED_UTF8,
    NO_CHARSET,
    HTML_CONTENT_TYPE,
    QUESTION_MARKS,
    QUERY_READ_AS_UTF8,
    UNESCAPED_QUOTES,
    NUMERIC_CODE,
    MISSING_ERR_CODE,
    STATUS_CODE_WITHOUT_VALUE,
    PHONE_WITH_COUNTRY_CODE,
    PHONE_MASKED,
    MISSING_PARAMETER_500,
    ORDER_TIME_NOT_CHECKED,
    UNKNOWN_NUMBER_ACCEPTED,
    DOUBLE_ORDER_ACCEPTED,
    QUERY_IGNORES_ORDERS,
    CANCEL_FORGOTTEN,
    STATE_SHARED_BY_PRODUCTS,
    CALLBACK_NEVER,
    CALLBACK_TWICE,
    CALLBACK_LATE,
    CALLBACK_BY_POST,
    CALLBACK_WRONG_RESULT,
    CALLBACK_FAILURE_AS_SUCCESS,
    CALLBACK_OTHER_NUMBER,
    CALLBACK_WITHOUT_ORDER_TIME,
    CALLBACK_UTF8,
    CALLBACK_SWAPPED,
    CANCEL_WITHOUT_CALLBACK,
    OTHER_METHODS_SERVED,
    PRODUCT_LENGTH_NOT_CHECKED,
    MARKUP_REFLECTED,
    TRACE_IN_CAUSE,
    QUERY_UNSTABLE,
];

const fn fault(name: &'static str, defect: &'static str) -> Fault {
    Fault { name, api: super::NAME, defect }
}

pub(super) const UTF8_INSTEAD_OF_GBK: Fault = fault(
    "ivr-utf8-instead-of-gbk",
    "Answers are UTF-8 bytes although Content-Type says charset=GBK, so Chinese text arrives as mojibake.",
);
pub(super) const GBK_LABELLED_UTF8: Fault = fault(
    "ivr-gbk-labelled-utf8",
    "Answers are GBK bytes as documented, but Content-Type says charset=UTF-8, so clients decode them wrongly.",
);
pub(super) const NO_CHARSET: Fault = fault(
    "ivr-no-charset",
    "Content-Type names no charset, so clients take the GBK bytes for JSON's default, UTF-8.",
);
pub(super) const HTML_CONTENT_TYPE: Fault =
    fault("ivr-html-content-type", "The JSON answers are sent as text/html, the container's default.");
pub(super) const QUESTION_MARKS: Fault = fault(
    "ivr-question-marks",
    "Chinese characters of answers have been replaced by ? on the way through a Latin-1 database or log.",
);
pub(super) const QUERY_READ_AS_UTF8: Fault = fault(
    "ivr-query-read-as-utf8",
    "The GBK percent-encoded query is decoded as UTF-8, so a Chinese productid is another product and echoed as ?.",
);
pub(super) const UNESCAPED_QUOTES: Fault = fault(
    "ivr-unescaped-quotes",
    "The answer is glued together from strings, so a quotation mark in productid breaks the JSON.",
);
pub(super) const NUMERIC_CODE: Fault = fault(
    "ivr-numeric-code",
    "The field code is a JSON number, where every field is documented as a string.",
);
pub(super) const MISSING_ERR_CODE: Fault =
    fault("ivr-missing-err-code", "The field err_code is left out of successful answers.");
pub(super) const STATUS_CODE_WITHOUT_VALUE: Fault = fault(
    "ivr-status-code-without-value",
    "The answer has status_code but not status_value, which belong together.",
);
pub(super) const PHONE_WITH_COUNTRY_CODE: Fault =
    fault("ivr-phone-with-country-code", "The echoed phone has gained the country code 86.");
pub(super) const PHONE_MASKED: Fault = fault(
    "ivr-phone-masked",
    "The echoed phone has lost its middle digits to a privacy mask, so answers cannot be matched to requests.",
);
pub(super) const MISSING_PARAMETER_500: Fault = fault(
    "ivr-missing-parameter-500",
    "A missing parameter is answered with HTTP 500 and a Java stack trace, not with a refusal.",
);
pub(super) const ORDER_TIME_NOT_CHECKED: Fault =
    fault("ivr-order-time-not-checked", "An order_time that is no date and time is accepted.");
pub(super) const UNKNOWN_NUMBER_ACCEPTED: Fault = fault(
    "ivr-unknown-number-accepted",
    "A number of another carrier is answered with code 0, as if it were served.",
);
pub(super) const DOUBLE_ORDER_ACCEPTED: Fault = fault(
    "ivr-double-order-accepted",
    "A second order for a product that is subscribed already is accepted, so the subscriber pays twice.",
);
pub(super) const QUERY_IGNORES_ORDERS: Fault = fault(
    "ivr-query-ignores-orders",
    "The query reads a stale replica: it says not subscribed after an order was accepted.",
);
pub(super) const CANCEL_FORGOTTEN: Fault = fault(
    "ivr-cancel-forgotten",
    "A cancellation is answered with success, but the product stays subscribed.",
);
pub(super) const STATE_SHARED_BY_PRODUCTS: Fault = fault(
    "ivr-state-shared-by-products",
    "Subscriptions are kept by phone alone, so an order of one product counts for all products.",
);
pub(super) const CALLBACK_NEVER: Fault =
    fault("ivr-callback-never", "The callback of an accepted order or cancellation is never sent.");
pub(super) const CALLBACK_TWICE: Fault =
    fault("ivr-callback-twice", "Each callback is sent twice, though the first one was answered with 2xx.");
pub(super) const CALLBACK_LATE: Fault =
    fault("ivr-callback-late", "Callbacks hang in a queue for seconds before they are sent.");
pub(super) const CALLBACK_BY_POST: Fault =
    fault("ivr-callback-by-post", "Callbacks are POSTed as a form, not sent as GET with a query.");
pub(super) const CALLBACK_WRONG_RESULT: Fault = fault(
    "ivr-callback-wrong-result",
    "The callback of a successful order says result=1, failed, while the query says subscribed.",
);
pub(super) const CALLBACK_FAILURE_AS_SUCCESS: Fault = fault(
    "ivr-callback-failure-as-success",
    "The callback of a failed order says result=0, successful, while the query says not subscribed.",
);
pub(super) const CALLBACK_OTHER_NUMBER: Fault =
    fault("ivr-callback-other-number", "The callback names another number than the one that ordered.");
pub(super) const CALLBACK_WITHOUT_ORDER_TIME: Fault = fault(
    "ivr-callback-without-order-time",
    "The callback has no order_time, so it cannot be matched to an order.",
);
pub(super) const CALLBACK_UTF8: Fault = fault(
    "ivr-callback-utf8",
    "A Chinese productid is percent-encoded as UTF-8 in the callback, not as GBK.",
);
pub(super) const CALLBACK_SWAPPED: Fault = fault(
    "ivr-callback-swapped",
    "The callback has the productid under mobile and the number under productid.",
);
pub(super) const CANCEL_WITHOUT_CALLBACK: Fault = fault(
    "ivr-cancel-without-callback",
    "Only orders are reported: an accepted cancellation is never confirmed with result=2.",
);
pub(super) const OTHER_METHODS_SERVED: Fault = fault(
    "ivr-other-methods-served",
    "Any method is served like GET, so a DELETE or PUT that nobody documented orders and cancels.",
);
pub(super) const PRODUCT_LENGTH_NOT_CHECKED: Fault =
    fault("ivr-product-length-not-checked", "A productid of any length is accepted.");
pub(super) const MARKUP_REFLECTED: Fault = fault(
    "ivr-markup-reflected",
    "A malformed parameter is answered with an HTML page that repeats it unescaped, so links can carry scripts.",
);
pub(super) const TRACE_IN_CAUSE: Fault = fault(
    "ivr-trace-in-cause",
    "The cause of a malformed parameter is the text of a Java exception with its stack trace.",
);
pub(super) const QUERY_UNSTABLE: Fault = fault(
    "ivr-query-unstable",
    "Every other query tells another status, as one of two replicas lags behind.",
);
