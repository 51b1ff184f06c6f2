//! Which case catches which fault, and how.

/// A fault and the trial that is for it. Others may see it too.
#[derive(Debug)]
pub struct Row {
    pub fault: &'static str,
    /// The whole name of the trial.
    pub trial: &'static str,
    pub caught: Caught,
    /// Check and requirement of the finding; for [`Caught::Errored`] the kind of the error.
    pub because: &'static str,
}

/// How binding what catches a fault is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caught {
    /// The trial fails: a finding of level `must`.
    Failed,
    /// The trial passes with a warning: a finding of level `should`, because the document does not forbid the fault in
    /// so many words.
    Warned,
    /// The trial cannot be judged: there is no whole answer.
    Errored,
}

const fn failed(fault: &'static str, trial: &'static str, because: &'static str) -> Row {
    Row { fault, trial, caught: Caught::Failed, because }
}

const fn warned(fault: &'static str, trial: &'static str, because: &'static str) -> Row {
    Row { fault, trial, caught: Caught::Warned, because }
}

const fn errored(fault: &'static str, trial: &'static str, because: &'static str) -> Row {
    Row { fault, trial, caught: Caught::Errored, because }
}

/// All faults. Those that take seconds are first: the others run meanwhile.
pub const ROWS: &[Row] = &[
    failed("cube-slow-answer", "cube::orderPackage::order/documented", "latency within"),
    failed("ivr-callback-never", "unicom-ivr::ivrbaoyue::callback/order", "callback never"),
    failed("ivr-callback-late", "unicom-ivr::ivrbaoyue::callback/order", "callback late"),
    // A callback for another number belongs to nobody who waits; it is among the strays of the record.
    failed("ivr-callback-other-number", "unicom-ivr::ivrbaoyue::callback/order", "callback never"),
    failed("ivr-callback-swapped", "unicom-ivr::ivrbaoyue::callback/order", "callback never"),
    failed("ivr-cancel-without-callback", "unicom-ivr::flow::callback/cancel", "callback never"),
    failed("ivr-callback-twice", "unicom-ivr::ivrbaoyue::callback/order", "callback twice"),
    failed("ivr-callback-by-post", "unicom-ivr::ivrbaoyue::callback/order", "callback method"),
    failed("ivr-callback-wrong-result", "unicom-ivr::ivrbaoyue::callback/order", "callback equals"),
    failed("ivr-callback-failure-as-success", "unicom-ivr::flow::callback/failed-order", "callback equals"),
    failed("ivr-callback-without-order-time", "unicom-ivr::ivrbaoyue::callback/order", "callback order_time"),
    failed("ivr-callback-utf8", "unicom-ivr::ivrbaoyue::callback/chinese-product", "callback equals"),
    failed("ivr-utf8-instead-of-gbk", "unicom-ivr::ivrchaxun::query/documented", "charset bytes"),
    failed("ivr-gbk-labelled-utf8", "unicom-ivr::ivrchaxun::query/documented", "charset label"),
    failed("ivr-no-charset", "unicom-ivr::ivrchaxun::query/documented", "charset label"),
    failed("ivr-html-content-type", "unicom-ivr::ivrchaxun::query/documented", "content-type documented"),
    failed("ivr-question-marks", "unicom-ivr::ivrchaxun::query/documented", "charset lost"),
    failed("ivr-query-read-as-utf8", "unicom-ivr::ivrchaxun::query/chinese-product", "rule echo-productid"),
    failed(
        "ivr-unescaped-quotes",
        "unicom-ivr::ivrbaoyue::order/special-characters/quotation-mark",
        "well-formed syntax",
    ),
    failed("ivr-numeric-code", "unicom-ivr::ivrbaoyue::order/documented", "schema type"),
    failed("ivr-missing-err-code", "unicom-ivr::ivrbaoyue::order/documented", "schema required"),
    failed(
        "ivr-status-code-without-value",
        "unicom-ivr::ivrbaoyue::order/documented",
        "rule status-both-or-neither",
    ),
    failed("ivr-phone-with-country-code", "unicom-ivr::ivrbaoyue::order/documented", "rule echo-phone"),
    failed("ivr-phone-masked", "unicom-ivr::ivrbaoyue::order/documented", "rule echo-phone"),
    failed("ivr-missing-parameter-500", "unicom-ivr::ivrbaoyue::order/missing/phone", "status expected"),
    warned(
        "ivr-order-time-not-checked",
        "unicom-ivr::ivrbaoyue::order/malformed-order-time/february-30",
        "outcome expected",
    ),
    failed("ivr-unknown-number-accepted", "unicom-ivr::ivrbaoyue::order/unknown-number", "outcome expected"),
    warned("ivr-double-order-accepted", "unicom-ivr::ivrbaoyue::order/twice", "outcome expected"),
    failed("ivr-query-ignores-orders", "unicom-ivr::flow::query/agrees-with-order", "rule agrees-with-order"),
    failed("ivr-cancel-forgotten", "unicom-ivr::flow::query/agrees-with-cancel", "rule agrees-with-cancel"),
    warned("ivr-state-shared-by-products", "unicom-ivr::ivrbaoyue::order/second-product", "outcome expected"),
    failed("jsms-html-content-type", "jsms::demandOrder::order/documented", "content-type documented"),
    failed("jsms-gbk-labelled-utf8", "jsms::demandOrder::order/documented", "charset bytes"),
    failed("jsms-nulls-left-out", "jsms::demandOrder::order/documented", "schema required"),
    failed("jsms-success-and-failure", "jsms::daipipei::place/documented", "rule failure-is-not-success"),
    failed(
        "jsms-success-when-refused",
        "jsms::huitui::refusal/unknown-order-rolled-back",
        "outcome expected",
    ),
    failed("jsms-code-on-success", "jsms::demandOrder::order/documented", "rule success-has-no-code"),
    failed("jsms-unknown-order-500", "jsms::demandOrder::order/unknown", "status expected"),
    failed(
        "jsms-bad-rows-500",
        "jsms::resourceQuery::resources/bad-page-answer/rows-zero",
        "status expected",
    ),
    failed("jsms-other-order", "jsms::demandOrder::order/documented", "rule order-echo"),
    failed("jsms-numbers-as-strings", "jsms::demandOrder::order/documented", "schema type"),
    failed("jsms-times-as-epoch", "jsms::demandOrder::order/documented", "schema type"),
    warned("jsms-update-time-in-utc", "jsms::demandOrder::flow/update-time", "rule updated-now"),
    failed("jsms-state-name-of-resources", "jsms::demandOrder::order/documented", "rule order-state-name"),
    failed("jsms-rows-ignored", "jsms::resourceQuery::resources/documented", "rule page-length"),
    failed(
        "jsms-total-page-off-by-one",
        "jsms::resourceQuery::paging/one-resource-a-page",
        "rule total-pages",
    ),
    failed(
        "jsms-page-number-stuck",
        "jsms::resourceQuery::resources/page-only/second",
        "rule page-number-echo",
    ),
    failed(
        "jsms-pages-from-zero",
        "jsms::resourceQuery::resources/page-size/hundred",
        "rule first-page-full",
    ),
    failed(
        "jsms-last-page-repeated",
        "jsms::resourceQuery::paging/beyond-the-last/next",
        "rule page-within-total",
    ),
    failed("jsms-unstable-order", "jsms::flow::paging/two-halves", "rule pages-differ"),
    failed("jsms-null-list", "jsms::resourceQuery::resources/of-an-order-without", "schema type"),
    failed(
        "jsms-state-filter-ignored",
        "jsms::resourceQuery::resources/state/withdrawn",
        "rule resource-state-filter",
    ),
    failed(
        "jsms-order-filter-ignored",
        "jsms::resourceQuery::resources/of-an-order-without",
        "equals /totalRecord",
    ),
    failed("jsms-resources-doubled", "jsms::flow::flow/several-resources", "rule resource-ids-unique"),
    failed(
        "jsms-join-mixes-columns",
        "jsms::flow::flow/resources-of-an-order",
        "rule resources-are-those-of-the-list",
    ),
    failed(
        "jsms-channel-type-overwritten",
        "jsms::flow::flow/place-match-roll-back-reopen",
        "rule step-changes-nothing-else",
    ),
    warned("jsms-wrong-state-accepted", "jsms::flow::refusal/matched", "outcome expected"),
    failed(
        "jsms-state-not-changed",
        "jsms::flow::flow/place-match-roll-back-reopen",
        "rule step-changes-state",
    ),
    failed("jsms-refusal-half-done", "jsms::flow::refusal/match-resources", "rule refusal-changes-nothing"),
    failed("jsms-resources-not-required", "jsms::flow::refusal/match-resources", "outcome expected"),
    failed("jsms-unknown-resource-accepted", "jsms::flow::refusal/match-resources", "outcome expected"),
    failed("jsms-only-first-resource", "jsms::flow::flow/several-resources", "equals /totalRecord"),
    failed(
        "jsms-rollback-deletes-resources",
        "jsms::flow::flow/resources-of-an-order",
        "rule rollback-keeps-resources",
    ),
    warned("jsms-form-read-as-latin1", "jsms::flow::flow/remark/chinese", "equals /data/remark"),
    failed("vas-json-instead-of-xml", "vascloud::notify_check::check/documented", "content-type documented"),
    failed("vas-html-content-type", "vascloud::notify_check::check/documented", "content-type documented"),
    failed(
        "vas-wrong-encoding-declaration",
        "vascloud::notify_check::check/documented",
        "rule answer-encoding",
    ),
    failed("vas-default-namespace", "vascloud::notify_check::check/documented", "xsd cvc-elt.1"),
    failed("vas-element-order", "vascloud::notify_check::check/documented", "xsd cvc-complex-type.2.4"),
    failed(
        "vas-unescaped-ampersand",
        "vascloud::notify_check::check/wrong-ids/package-ampersand",
        "well-formed syntax",
    ),
    failed("vas-wrong-reply-name", "vascloud::notify_check::check/documented", "xsd cvc-attribute.4"),
    failed(
        "vas-message-type-echoed",
        "vascloud::notify_reg::register/documented",
        "xsd cvc-enumeration-valid",
    ),
    failed("vas-other-msisdn", "vascloud::notify_check::check/documented", "rule check-post-echo-msisdn"),
    failed("vas-local-msisdn", "vascloud::notify_check::check/documented", "rule check-post-echo-msisdn"),
    failed(
        "vas-request-id-scientific",
        "vascloud::notify_check::check/documented",
        "rule check-post-echo-requestid",
    ),
    failed("vas-package-missing", "vascloud::notify_check::check/documented", "xsd cvc-complex-type.2.4"),
    failed("vas-status-as-word", "vascloud::notify_check::check/documented", "xsd cvc-pattern-valid"),
    failed("vas-error-id-2", "vascloud::notify_check::check/unknown-ids/service", "code documented"),
    failed(
        "vas-empty-error-desc",
        "vascloud::notify_check::check/documented-refusal",
        "rule check-desc-not-empty",
    ),
    failed(
        "vas-missing-parameter-success",
        "vascloud::notify_check::check/missing/requestid",
        "outcome expected",
    ),
    failed(
        "vas-unknown-service-accepted",
        "vascloud::notify_check::check/unknown-ids/service",
        "outcome expected",
    ),
    failed(
        "vas-get-not-implemented",
        "vascloud::notify_check_get::check/documented-by-get",
        "status documented",
    ),
    failed("vas-bad-xml-500", "vascloud::notify_check::check/malformed/blank", "status expected"),
    failed("vas-entities-expanded", "vascloud::notify_check::check/dtd/entity-bomb", "outcome expected"),
    failed("vas-registration-forgotten", "vascloud::flow::flow/register-and-cancel", "outcome expected"),
    failed("vas-double-registration-accepted", "vascloud::flow::flow/register-twice", "outcome expected"),
    failed("vas-retry-refused", "vascloud::flow::flow/retry", "outcome expected"),
    failed("vas-cancel-forgotten", "vascloud::flow::flow/cancel-twice", "outcome expected"),
    failed(
        "vas-cancel-unregistered-accepted",
        "vascloud::notify_reg::register/cancel-unregistered",
        "outcome expected",
    ),
    errored("cube-connection-dropped", "cube::orderPackage::order/documented", "protocol"),
    errored("cube-answer-cut-off", "cube::orderPackage::order/documented", "protocol"),
    failed("cube-refused-with-400", "cube::orderPackage::refusal/unknown-access-code", "status expected"),
    failed("cube-missing-field-500", "cube::orderPackage::refusal/missing/package-type", "status expected"),
    failed("cube-duplicate-key", "cube::orderPackage::order/documented", "well-formed unique-names"),
    warned("cube-undocumented-field", "cube::orderPackage::order/documented", "undocumented documented"),
    failed("cube-success-as-string", "cube::orderPackage::order/documented", "schema type"),
    failed("cube-success-when-refused", "cube::orderPackage::refusal/unknown-access-code", "outcome one"),
    failed("cube-code-as-number", "cube::orderPackage::order/documented", "schema type"),
    warned("cube-same-code-for-all", "cube::flow::refusal/distinct-codes", "rule distinct-codes"),
    failed("cube-empty-message", "cube::orderPackage::order/documented", "schema minLength"),
    failed("cube-question-marks", "cube::orderPackage::order/documented", "rule success-message"),
    warned(
        "cube-language-ignored",
        "cube::orderPackage::order/language/english",
        "rule message-language-english",
    ),
    failed("cube-data-missing", "cube::orderPackage::order/documented", "schema required"),
    failed("cube-order-id-null", "cube::orderPackage::order/documented", "schema type"),
    failed("cube-order-id-repeated", "cube::flow::order/ids-differ", "rule order-ids-differ"),
    failed(
        "cube-dates-when-not-opened",
        "cube::orderPackage::order/documented",
        "rule not-open-has-no-dates",
    ),
    failed(
        "cube-dates-with-dashes",
        "cube::orderPackage::enumeration/documented/is-open-enable",
        "schema pattern",
    ),
    warned("cube-period-ignored", "cube::orderPackage::order/opened/two-years", "rule length-in-months"),
    failed(
        "cube-signature-not-verified",
        "cube::orderPackage::signature/of-another-secret",
        "outcome expected",
    ),
    failed(
        "cube-access-code-not-checked",
        "cube::orderPackage::refusal/unknown-access-code",
        "outcome expected",
    ),
    failed(
        "cube-unknown-enum-accepted",
        "cube::orderPackage::enumeration/unknown/package-type-word",
        "outcome expected",
    ),
    failed("cube-amount-not-checked", "cube::orderPackage::refusal/amount/comma", "outcome expected"),
    failed(
        "cube-unknown-device-accepted",
        "cube::orderPackage::refusal/unknown-device/nineteen-digits",
        "outcome expected",
    ),
    warned(
        "cube-package-type-not-checked",
        "cube::orderPackage::refusal/other-package-type/day-for-month",
        "outcome expected",
    ),
];

/// Faults that no case is for: `proofmark fuzz` finds them (harness/tests/fuzz/faults.rs).
pub const FUZZED: &[&str] = &[
    "ivr-other-methods-served",
    "ivr-product-length-not-checked",
    "ivr-markup-reflected",
    "ivr-trace-in-cause",
    "ivr-query-unstable",
    "cube-period-unlimited",
    "cube-numbers-accepted",
    "cube-malformed-body-500",
    "cube-long-name-dropped",
    "vas-sql-error-shown",
    "vas-request-id-not-checked",
];
