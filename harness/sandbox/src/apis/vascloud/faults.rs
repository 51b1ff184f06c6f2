//! What the VASCloud provider can be told to get wrong.

use crate::fault::Fault;

/// All of them: first how the answer is written, then its fields, then what is checked, then the state.
pub(super) const FAULTS: &[Fault] = &[
    JSON_INSTEAD_OF_XML,
    HTML_CONTENT_TYPE,
    WRONG_ENCODING_DECLARATION,
    DEFAULT_NAMESPACE,
    ELEMENT_ORDER,
    UNESCAPED_AMPERSAND,
    WRONG_REPLY_NAME,
    MESSAGE_TYPE_ECHOED,
    OTHER_MSISDN,
    LOCAL_MSISDN,
    REQUEST_ID_SCIENTIFIC,
    PACKAGE_MISSING,
    STATUS_AS_WORD,
    ERROR_ID_2,
    EMPTY_ERROR_DESC,
    MISSING_PARAMETER_SUCCESS,
    UNKNOWN_SERVICE_ACCEPTED,
    GET_NOT_IMPLEMENTED,
    BAD_XML_500,
    ENTITIES_EXPANDED,
    REGISTRATION_FORGOTTEN,
    DOUBLE_REGISTRATION_ACCEPTED,
    RETRY_REFUSED,
    CANCEL_FORGOTTEN,
    CANCEL_UNREGISTERED_ACCEPTED,
    SQL_ERROR_SHOWN,
    REQUEST_ID_NOT_CHECKED,
];

const fn fault(name: &'static str, defect: &'static str) -> Fault {
    Fault { name, api: super::NAME, defect }
}

pub(super) const JSON_INSTEAD_OF_XML: Fault = fault(
    "vas-json-instead-of-xml",
    "Answers are JSON, as the document's sentence says, and not the XML that its examples show.",
);
pub(super) const HTML_CONTENT_TYPE: Fault =
    fault("vas-html-content-type", "The XML answers are sent as text/html, after the .html of the path.");
pub(super) const WRONG_ENCODING_DECLARATION: Fault = fault(
    "vas-wrong-encoding-declaration",
    "The XML declaration says UTF-16, which neither the bytes nor the Content-Type are, so XML parsers give up.",
);
pub(super) const DEFAULT_NAMESPACE: Fault = fault(
    "vas-default-namespace",
    "The root element has gained a default namespace, so no documented path finds anything.",
);
pub(super) const ELEMENT_ORDER: Fault = fault(
    "vas-element-order",
    "The element error_desc comes before error_id, against the documented sequence.",
);
pub(super) const UNESCAPED_AMPERSAND: Fault = fault(
    "vas-unescaped-ampersand",
    "Echoed text is not escaped, so an & in a parameter makes the answer malformed XML.",
);
pub(super) const WRONG_REPLY_NAME: Fault = fault(
    "vas-wrong-reply-name",
    "The attribute name of RPLY says checkServiceInfo, where CheckServiceInfo is documented.",
);
pub(super) const MESSAGE_TYPE_ECHOED: Fault = fault(
    "vas-message-type-echoed",
    "MESSAGE_TYPE of the registration's answer repeats the request's NOTIFY, where RESPONSE is documented.",
);
pub(super) const OTHER_MSISDN: Fault = fault(
    "vas-other-msisdn",
    "The answer is about another msisdn than the request, from a buffer shared by threads.",
);
pub(super) const LOCAL_MSISDN: Fault =
    fault("vas-local-msisdn", "The echoed msisdn is in national form, 0 in place of 84.");
pub(super) const REQUEST_ID_SCIENTIFIC: Fault = fault(
    "vas-request-id-scientific",
    "Echoed bigint ids (requestid, queueID) went through a floating-point number and come back like 1.49E12.",
);
pub(super) const PACKAGE_MISSING: Fault =
    fault("vas-package-missing", "The echo of the package (package, package_id) is left out of answers.");
pub(super) const STATUS_AS_WORD: Fault = fault(
    "vas-status-as-word",
    "The element status of the check says ACTIVE, where the number 1 is documented.",
);
pub(super) const ERROR_ID_2: Fault = fault(
    "vas-error-id-2",
    "An unknown service or package is answered with error_id 2, which is not documented.",
);
pub(super) const EMPTY_ERROR_DESC: Fault =
    fault("vas-empty-error-desc", "A refusal has error_id 1 and an empty error_desc.");
pub(super) const MISSING_PARAMETER_SUCCESS: Fault = fault(
    "vas-missing-parameter-success",
    "A request without a required parameter is answered with error_id 0, as if it had been done.",
);
pub(super) const UNKNOWN_SERVICE_ACCEPTED: Fault = fault(
    "vas-unknown-service-accepted",
    "A service or package that does not exist is answered with error_id 0.",
);
pub(super) const GET_NOT_IMPLEMENTED: Fault =
    fault("vas-get-not-implemented", "Only POST works; the documented GET is answered with HTTP 405.");
pub(super) const BAD_XML_500: Fault = fault(
    "vas-bad-xml-500",
    "Malformed XML is answered with HTTP 500 and a Java stack trace, not with error_id 1.",
);
pub(super) const ENTITIES_EXPANDED: Fault = fault(
    "vas-entities-expanded",
    "The XML parser accepts a DTD and expands the entities that it declares (XXE), and the answer shows the result.",
);
pub(super) const REGISTRATION_FORGOTTEN: Fault = fault(
    "vas-registration-forgotten",
    "A registration is answered with success and lost, so it can be repeated but not cancelled.",
);
pub(super) const DOUBLE_REGISTRATION_ACCEPTED: Fault = fault(
    "vas-double-registration-accepted",
    "Registering what is registered already is answered with error_id 0.",
);
pub(super) const RETRY_REFUSED: Fault = fault(
    "vas-retry-refused",
    "A notification sent again with the same queueID is processed again and refused, so retries fail.",
);
pub(super) const CANCEL_FORGOTTEN: Fault = fault(
    "vas-cancel-forgotten",
    "A cancellation is answered with success, but the package stays registered.",
);
pub(super) const CANCEL_UNREGISTERED_ACCEPTED: Fault = fault(
    "vas-cancel-unregistered-accepted",
    "Cancelling what is not registered is answered with error_id 0.",
);
pub(super) const SQL_ERROR_SHOWN: Fault = fault(
    "vas-sql-error-shown",
    "A quote in a parameter reaches the database, and error_desc shows its complaint about the SQL.",
);
pub(super) const REQUEST_ID_NOT_CHECKED: Fault =
    fault("vas-request-id-not-checked", "A requestid of the check that is no bigint is accepted.");
