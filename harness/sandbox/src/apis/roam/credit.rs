//! Paying by instalments: opening it at the lender's, and what credit there is (#780 to #785).

use crate::json::Object;

use super::call::{Answered, Call, Outcome, result};
use super::forms::Form;
use super::money::Cents;

/// What the lender and the sandbox share to sign with; made up, like the lender.
const KEY: &str = "sandbox-instalments";

/// Everybody's credit.
const CREDIT: Cents = Cents(1_400_000);

/// `credtrip_open`: a page that goes on to the lender.
pub(super) fn open(call: &mut Call) -> Answered {
    let form = Form {
        name: "credtripsubmit",
        action: "https://api-test.credtrip.example/gateway/gw/open",
        method: "post",
        inputs: vec![
            ("product", "01".to_owned()),
            ("merchantId", "2026990001".to_owned()),
            ("mobile", call.account.phone()),
            ("notifyUrl", "https://shop.example/uc/services/credtrip/notify".to_owned()),
            ("returnUrl", "https://shop.example/views/pay_success.html".to_owned()),
            ("version", "1.0".to_owned()),
            ("userId", call.user().0.to_string()),
        ],
        sign: "sign",
        sign_type: "signType",
        key: Some(KEY),
    };
    Ok(Outcome::Page(format!(
        "<!DOCTYPE html><html><head><meta http-equiv=\"content-type\" content=\"text/html; charset=UTF-8\">\
         <title>跳轉至支付網關</title></head><body>{}</body></html>",
        form.html(call.faults)
    )))
}

/// `credtrip/credit_query`: the user's credit and what is left of it.
pub(super) fn query(call: &mut Call) -> Answered {
    let mut credit = Object::default();
    credit.push_text("accountno", &call.user().0.to_string());
    credit.push("balcredit", CREDIT);
    credit.push("credit", CREDIT);
    credit.push_text("status", "ACTIVE");
    Ok(result("credtripcredit", credit))
}
