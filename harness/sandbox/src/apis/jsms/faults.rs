//! What the provider of the order desk can be told to get wrong.

use crate::fault::Fault;

/// All of them: first how answers are written, then their fields, then pages and filters, then the steps of matching.
pub(super) const FAULTS: &[Fault] = &[
    HTML_CONTENT_TYPE,
    GBK_LABELLED_UTF8,
    NULLS_LEFT_OUT,
    SUCCESS_AND_FAILURE,
    SUCCESS_WHEN_REFUSED,
    CODE_ON_SUCCESS,
    UNKNOWN_ORDER_500,
    BAD_ROWS_500,
    OTHER_ORDER,
    NUMBERS_AS_STRINGS,
    TIMES_AS_EPOCH,
    UPDATE_TIME_IN_UTC,
    STATE_NAME_OF_RESOURCES,
    ROWS_IGNORED,
    TOTAL_PAGE_OFF_BY_ONE,
    PAGE_NUMBER_STUCK,
    PAGES_FROM_ZERO,
    LAST_PAGE_REPEATED,
    UNSTABLE_ORDER,
    NULL_LIST,
    STATE_FILTER_IGNORED,
    ORDER_FILTER_IGNORED,
    RESOURCES_DOUBLED,
    JOIN_MIXES_COLUMNS,
    WRONG_STATE_ACCEPTED,
    STATE_NOT_CHANGED,
    CHANNEL_TYPE_OVERWRITTEN,
    REFUSAL_HALF_DONE,
    RESOURCES_NOT_REQUIRED,
    UNKNOWN_RESOURCE_ACCEPTED,
    ONLY_FIRST_RESOURCE,
    ROLLBACK_DELETES_RESOURCES,
    FORM_READ_AS_LATIN1,
];

const fn fault(name: &'static str, defect: &'static str) -> Fault {
    Fault { name, api: super::NAME, defect }
}

pub(super) const HTML_CONTENT_TYPE: Fault =
    fault("jsms-html-content-type", "The JSON answers are sent as text/html, the container's default.");
pub(super) const GBK_LABELLED_UTF8: Fault = fault(
    "jsms-gbk-labelled-utf8",
    "Answers are GBK bytes although Content-Type says charset=UTF-8, so Chinese text arrives as mojibake.",
);
pub(super) const NULLS_LEFT_OUT: Fault = fault(
    "jsms-nulls-left-out",
    "Fields that are null are left out of answers, where the document shows them as null.",
);
pub(super) const SUCCESS_AND_FAILURE: Fault = fault(
    "jsms-success-and-failure",
    "Answers to requests that were done say success true and failure true at once.",
);
pub(super) const SUCCESS_WHEN_REFUSED: Fault =
    fault("jsms-success-when-refused", "Refusals say success true next to fail true and failure true.");
pub(super) const CODE_ON_SUCCESS: Fault =
    fault("jsms-code-on-success", "The code of a success is \"0\", where the document shows null.");
pub(super) const UNKNOWN_ORDER_500: Fault = fault(
    "jsms-unknown-order-500",
    "An order that does not exist is answered with HTTP 500 and a Java stack trace, not refused.",
);
pub(super) const BAD_ROWS_500: Fault = fault(
    "jsms-bad-rows-500",
    "A page length that is no positive number is answered with HTTP 500 and a Java stack trace, not refused.",
);
pub(super) const OTHER_ORDER: Fault = fault(
    "jsms-other-order",
    "The detail is that of the following order: the id in the answer is not the one that was asked for.",
);
pub(super) const NUMBERS_AS_STRINGS: Fault = fault(
    "jsms-numbers-as-strings",
    "Numbers of an order are strings, as they are in the list of resources.",
);
pub(super) const TIMES_AS_EPOCH: Fault = fault(
    "jsms-times-as-epoch",
    "Times of an order are milliseconds since 1970, the serializer's default, where text is documented.",
);
pub(super) const UPDATE_TIME_IN_UTC: Fault = fault(
    "jsms-update-time-in-utc",
    "The updateTime of an order is written in UTC, eight hours behind the other times.",
);
pub(super) const STATE_NAME_OF_RESOURCES: Fault = fault(
    "jsms-state-name-of-resources",
    "The stateName of an order is looked up in the table of resource states, so 0 is 待接入 and not 待配单.",
);
pub(super) const ROWS_IGNORED: Fault =
    fault("jsms-rows-ignored", "Every page has all resources, whatever rows says.");
pub(super) const TOTAL_PAGE_OFF_BY_ONE: Fault = fault(
    "jsms-total-page-off-by-one",
    "The totalPage is one too many when the last page is full, as the quotient is always rounded up by adding one.",
);
pub(super) const PAGE_NUMBER_STUCK: Fault =
    fault("jsms-page-number-stuck", "The pageNo of an answer is 1 on every page.");
pub(super) const PAGES_FROM_ZERO: Fault = fault(
    "jsms-pages-from-zero",
    "Pages are counted from 0, so page 1 is the second one and the first is never seen.",
);
pub(super) const LAST_PAGE_REPEATED: Fault = fault(
    "jsms-last-page-repeated",
    "A page beyond the last has the resources of the last, so clients that go on until a page is empty never end.",
);
pub(super) const UNSTABLE_ORDER: Fault = fault(
    "jsms-unstable-order",
    "Each page is cut from another order of the resources, so some are on two pages and others on none.",
);
pub(super) const NULL_LIST: Fault =
    fault("jsms-null-list", "A list without resources is null, not an empty list.");
pub(super) const STATE_FILTER_IGNORED: Fault =
    fault("jsms-state-filter-ignored", "The list has resources of all states, whatever state says.");
pub(super) const ORDER_FILTER_IGNORED: Fault =
    fault("jsms-order-filter-ignored", "The list has the resources of all orders, whatever orderId says.");
pub(super) const RESOURCES_DOUBLED: Fault = fault(
    "jsms-resources-doubled",
    "The list of an order's resources has each of them twice, multiplied by a join, and counts them twice.",
);
pub(super) const JOIN_MIXES_COLUMNS: Fault = fault(
    "jsms-join-mixes-columns",
    "The list of an order's resources shows the order's remark as theirs, as a join has two columns of that name.",
);
pub(super) const WRONG_STATE_ACCEPTED: Fault = fault(
    "jsms-wrong-state-accepted",
    "A step is taken from any state, so what was never placed is matched and what is matched is placed again.",
);
pub(super) const STATE_NOT_CHANGED: Fault =
    fault("jsms-state-not-changed", "A step is answered with success, but the order stays in its state.");
pub(super) const CHANNEL_TYPE_OVERWRITTEN: Fault = fault(
    "jsms-channel-type-overwritten",
    "A step copies the channelType of the first resource into the order, over what the customer ordered.",
);
pub(super) const REFUSAL_HALF_DONE: Fault = fault(
    "jsms-refusal-half-done",
    "A step with an unknown resource is refused after the order's state was changed, without a transaction.",
);
pub(super) const RESOURCES_NOT_REQUIRED: Fault = fault(
    "jsms-resources-not-required",
    "An order is matched without resourceIds, which are documented as required.",
);
pub(super) const UNKNOWN_RESOURCE_ACCEPTED: Fault =
    fault("jsms-unknown-resource-accepted", "An order is matched with a resource that does not exist.");
pub(super) const ONLY_FIRST_RESOURCE: Fault = fault(
    "jsms-only-first-resource",
    "Of several resourceIds only the first is kept, as the list is read like a single parameter.",
);
pub(super) const ROLLBACK_DELETES_RESOURCES: Fault = fault(
    "jsms-rollback-deletes-resources",
    "A rollback deletes the order's resources themselves, not only their link to the order.",
);
pub(super) const FORM_READ_AS_LATIN1: Fault = fault(
    "jsms-form-read-as-latin1",
    "Forms are decoded as Latin-1, the servlet container's default, so a Chinese remark is kept as mojibake.",
);
