//! What the Roam provider can be told to get wrong: mostly what its own document shows in one place or another.

use crate::fault::Fault;

/// All of them.
pub(super) const FAULTS: &[Fault] = &[
    // The envelope.
    RESULT_MISSING,
    REFUSAL_SAYS_SUCCESS,
    UNKNOWN_CARD_AS_SUCCESS,
    ERROR_NO_AS_TEXT,
    USERID_AS_TEXT,
    SESSION_ECHO_STALE,
    OTHER_USER_ECHOED,
    JSON_LABELLED_HTML,
    // Sessions and passwords.
    WRONG_PASSWORD_ACCEPTED,
    INITIAL_PASSWORD_ACCEPTED,
    PASSWORD_NOT_CHANGED,
    SESSION_REPEATED,
    SESSION_NOT_CHECKED,
    FOREIGN_SESSION_ACCEPTED,
    EXPIRED_SESSION_ACCEPTED,
    ROLE_NOT_CHECKED,
    // Lookups and addresses.
    PID_IGNORED,
    CATEGORY_IGNORED,
    PROVINCE_IGNORED,
    CITY_IGNORED,
    QUESTION_MARKS,
    UTF8_TWICE,
    DEFAULT_NOT_MOVED,
    DELETED_ADDRESS_LISTED,
    // Carts and orders.
    CARTS_OF_ALL_USERS,
    CART_KEPT,
    NEGATIVE_QUANTITY_ACCEPTED,
    LEADING_ZEROS_LOST,
    DAYS_OFF_BY_ONE,
    DAYS_IN_SECONDS,
    SURCHARGE_ADDED,
    PRICE_WITH_EXPONENT,
    PRICE_OF_FIRST_LINE,
    DISCOUNT_IGNORED,
    DISCOUNT_AS_AMOUNT,
    PAYABLE_WITH_SHIPPING,
    CREATETIME_AS_EPOCH,
    LINE_INSTEAD_OF_ORDER,
    LINE_START_KEPT,
    ADDRESS_MINUS_ONE,
    PAGE_SIZE_IGNORED,
    PAGE_INDEX_IGNORED,
    PAGE_ORDER_REVERSED,
    GROUP_IGNORED,
    FOREIGN_ORDER_ACCEPTED,
    DELIVERY_FORGOTTEN,
    PAID_WITHOUT_TIME,
    SHIPPED_WITHOUT_INVOICE,
    UNPAID_SHIPPED,
    PRICE_ADDED_AGAIN,
    // Payment forms.
    FORM_UNSIGNED,
    FORM_WRONG_SIGNATURE,
    FORM_ACTION_HTTP,
    FORM_INPUT_MISSING,
    FORM_FEE_IN_CENTS,
    // Vouchers.
    VOUCHER_USED_TWICE,
    USED_VOUCHER_AVAILABLE,
    SERIAL_REPEATED,
    PASSWORD_IN_ANSWER,
    // Cards and packages.
    UNBIND_DOES_NOTHING,
    LINE_BOUND_TWICE,
    CARD_PERIOD_IGNORED,
    PACKAGE_TWICE,
    SIMIDS_DIFFER,
    REMAINDER_NEGATIVE,
    VOICE_UNBALANCED,
];

const fn fault(name: &'static str, defect: &'static str) -> Fault {
    Fault { name, api: super::NAME, defect }
}

pub(super) const RESULT_MISSING: Fault =
    fault("roam-result-missing", "An answer that says success has no result.");
pub(super) const REFUSAL_SAYS_SUCCESS: Fault =
    fault("roam-refusal-says-success", "A refusal has the error_info of success next to its error_no.");
pub(super) const UNKNOWN_CARD_AS_SUCCESS: Fault = fault(
    "roam-unknown-card-as-success",
    "A data card that does not exist is answered with success instead of 1301.",
);
pub(super) const ERROR_NO_AS_TEXT: Fault = fault("roam-error-no-as-text", "The field error_no is a string.");
pub(super) const USERID_AS_TEXT: Fault =
    fault("roam-userid-as-text", "The field userid of the envelope is a string.");
pub(super) const SESSION_ECHO_STALE: Fault = fault(
    "roam-session-echo-stale",
    "The echoed sessionid is that of another session than the request's, as in line 18 of the document.",
);
pub(super) const OTHER_USER_ECHOED: Fault =
    fault("roam-other-user-echoed", "The echoed userid is that of another user.");
pub(super) const JSON_LABELLED_HTML: Fault =
    fault("roam-json-labelled-html", "JSON answers are labelled text/html.");
pub(super) const WRONG_PASSWORD_ACCEPTED: Fault =
    fault("roam-wrong-password-accepted", "Any password logs in.");
pub(super) const INITIAL_PASSWORD_ACCEPTED: Fault = fault(
    "roam-initial-password-accepted",
    "An initial password logs in with success and never has to be changed.",
);
pub(super) const PASSWORD_NOT_CHANGED: Fault = fault(
    "roam-password-not-changed",
    "Changing a password is answered with success, and the old one stays.",
);
pub(super) const SESSION_REPEATED: Fault =
    fault("roam-session-repeated", "Every login of a user gets the same session id.");
pub(super) const SESSION_NOT_CHECKED: Fault =
    fault("roam-session-not-checked", "A request without a session is let in as the user that it names.");
pub(super) const FOREIGN_SESSION_ACCEPTED: Fault = fault(
    "roam-foreign-session-accepted",
    "A session is accepted for another user than the one who logged in.",
);
pub(super) const EXPIRED_SESSION_ACCEPTED: Fault =
    fault("roam-expired-session-accepted", "A session that has expired is accepted.");
pub(super) const ROLE_NOT_CHECKED: Fault =
    fault("roam-role-not-checked", "Operations of staff are open to every customer.");
pub(super) const PID_IGNORED: Fault =
    fault("roam-pid-ignored", "The regions are those of the country, whatever pid says.");
pub(super) const CATEGORY_IGNORED: Fault =
    fault("roam-category-ignored", "The products are those of all categories, whatever categoryid says.");
pub(super) const PROVINCE_IGNORED: Fault =
    fault("roam-province-ignored", "The outlets are those of all provinces, whatever province says.");
pub(super) const CITY_IGNORED: Fault =
    fault("roam-city-ignored", "The outlets are those of all cities, whatever city says.");
pub(super) const QUESTION_MARKS: Fault = fault(
    "roam-question-marks",
    "Chinese characters of an address come back as question marks, as in line 18 of the document.",
);
pub(super) const UTF8_TWICE: Fault = fault(
    "roam-utf8-twice",
    "The text of an address comes back encoded twice, because its bytes were taken for Latin-1.",
);
pub(super) const DEFAULT_NOT_MOVED: Fault =
    fault("roam-default-not-moved", "A new default address leaves the old one a default too.");
pub(super) const DELETED_ADDRESS_LISTED: Fault =
    fault("roam-deleted-address-listed", "A deleted address is still listed.");
pub(super) const CARTS_OF_ALL_USERS: Fault =
    fault("roam-carts-of-all-users", "The list of carts has other customers' carts too.");
pub(super) const CART_KEPT: Fault =
    fault("roam-cart-kept", "Carts that were ordered stay in the list of carts.");
pub(super) const NEGATIVE_QUANTITY_ACCEPTED: Fault =
    fault("roam-negative-quantity-accepted", "A negative quantity is accepted, and counts as one.");
pub(super) const LEADING_ZEROS_LOST: Fault =
    fault("roam-leading-zeros-lost", "The numbers of SIM cards lose their leading zeros.");
pub(super) const DAYS_OFF_BY_ONE: Fault =
    fault("roam-days-off-by-one", "The last day of a period is not counted.");
pub(super) const DAYS_IN_SECONDS: Fault = fault(
    "roam-days-in-seconds",
    "The quantity_per_unit of a period is its seconds, and so is its price, as in line 50 of the document.",
);
pub(super) const SURCHARGE_ADDED: Fault = fault(
    "roam-surcharge-added",
    "The surcharge of an area is added to the price, which the document only shows.",
);
pub(super) const PRICE_WITH_EXPONENT: Fault =
    fault("roam-price-with-exponent", "Prices are written with an exponent, as in line 50 of the document.");
pub(super) const PRICE_OF_FIRST_LINE: Fault = fault(
    "roam-price-of-first-line",
    "The price of an order is that of its first line, not the sum of its lines.",
);
pub(super) const DISCOUNT_IGNORED: Fault =
    fault("roam-discount-ignored", "The payable amount is the price, although there is a discount.");
pub(super) const DISCOUNT_AS_AMOUNT: Fault = fault(
    "roam-discount-as-amount",
    "The discount of a line is an amount of money where it should be a percentage.",
);
pub(super) const PAYABLE_WITH_SHIPPING: Fault =
    fault("roam-payable-with-shipping", "The payable amount has the shipping fee in it.");
pub(super) const CREATETIME_AS_EPOCH: Fault = fault(
    "roam-createtime-as-epoch",
    "The time of an order is a number of milliseconds, as in line 44 of the document.",
);
pub(super) const LINE_INSTEAD_OF_ORDER: Fault = fault(
    "roam-line-instead-of-order",
    "Changing a line is answered with the line instead of its order, as in line 59 of the document.",
);
pub(super) const LINE_START_KEPT: Fault = fault(
    "roam-line-start-kept",
    "Changing a line keeps the start of its period, as in line 59 of the document.",
);
pub(super) const ADDRESS_MINUS_ONE: Fault = fault(
    "roam-address-minus-one",
    "An order without an address has the address -1, as in line 46 of the document.",
);
pub(super) const PAGE_SIZE_IGNORED: Fault =
    fault("roam-page-size-ignored", "Pages have ten orders, whatever pagesize says.");
pub(super) const PAGE_INDEX_IGNORED: Fault = fault("roam-page-index-ignored", "Every page is the first one.");
pub(super) const PAGE_ORDER_REVERSED: Fault =
    fault("roam-page-order-reversed", "A customer's orders are listed oldest first.");
pub(super) const GROUP_IGNORED: Fault =
    fault("roam-group-ignored", "Staff see all orders, whatever group says.");
pub(super) const FOREIGN_ORDER_ACCEPTED: Fault =
    fault("roam-foreign-order-accepted", "The shipping of another customer's order can be changed.");
pub(super) const DELIVERY_FORGOTTEN: Fault = fault(
    "roam-delivery-forgotten",
    "Changing the shipping of an order is answered with success, and nothing changes.",
);
pub(super) const PAID_WITHOUT_TIME: Fault = fault("roam-paid-without-time", "A paid order has no paytime.");
pub(super) const SHIPPED_WITHOUT_INVOICE: Fault =
    fault("roam-shipped-without-invoice", "A shipped order has no invoice_no.");
pub(super) const UNPAID_SHIPPED: Fault =
    fault("roam-unpaid-shipped", "An order that was not paid can be shipped.");
pub(super) const PRICE_ADDED_AGAIN: Fault =
    fault("roam-price-added-again", "Changing the price of a product adds a second one with another id.");
pub(super) const FORM_UNSIGNED: Fault = fault("roam-form-unsigned", "Payment forms have no signature.");
pub(super) const FORM_WRONG_SIGNATURE: Fault =
    fault("roam-form-wrong-signature", "Payment forms are signed over something else than their inputs.");
pub(super) const FORM_ACTION_HTTP: Fault =
    fault("roam-form-action-http", "Payment forms are sent over HTTP without TLS.");
pub(super) const FORM_INPUT_MISSING: Fault =
    fault("roam-form-input-missing", "Payment forms lack an input: the amount, or the user.");
pub(super) const FORM_FEE_IN_CENTS: Fault =
    fault("roam-form-fee-in-cents", "The amount of a payment form is in cents.");
pub(super) const VOUCHER_USED_TWICE: Fault =
    fault("roam-voucher-used-twice", "A voucher that was used takes money off a second order.");
pub(super) const USED_VOUCHER_AVAILABLE: Fault =
    fault("roam-used-voucher-available", "Vouchers that were used are listed as available.");
pub(super) const SERIAL_REPEATED: Fault =
    fault("roam-serial-repeated", "Two vouchers have the same evoucher_sn, as in line 520 of the document.");
pub(super) const PASSWORD_IN_ANSWER: Fault = fault(
    "roam-password-in-answer",
    "Verifying a voucher tells the customer's password, as in line 554 of the document.",
);
pub(super) const UNBIND_DOES_NOTHING: Fault = fault(
    "roam-unbind-does-nothing",
    "Unbinding a data card is answered with success, and the card stays bound.",
);
pub(super) const LINE_BOUND_TWICE: Fault =
    fault("roam-line-bound-twice", "An order line that has a card gets another one instead of 1302.");
pub(super) const CARD_PERIOD_IGNORED: Fault =
    fault("roam-card-period-ignored", "A card gets two packages for the same time instead of 1304.");
pub(super) const PACKAGE_TWICE: Fault =
    fault("roam-package-twice", "Every package is listed twice, as in line 486 of the document.");
pub(super) const SIMIDS_DIFFER: Fault =
    fault("roam-simids-differ", "The first of a package's simids is not its simid.");
pub(super) const REMAINDER_NEGATIVE: Fault =
    fault("roam-remainder-negative", "The days that are left of a package are negative.");
pub(super) const VOICE_UNBALANCED: Fault = fault(
    "roam-voice-unbalanced",
    "Talked minutes are not taken off the remaining ones, so used and remaining are more than the total.",
);
