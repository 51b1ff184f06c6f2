//! Paying an order: with a payment voucher at once, or by the form of a payment gateway (#505 to #510).

use super::call::{Answered, Call, Outcome};
use super::faults;
use super::forms::Form;
use super::input::{is_digits, required};
use super::money::Cents;
use super::orders::Payment;
use super::refusal::Refusal;
use super::vouchers::{self, Kind};

/// Orders from here on earn a voucher.
const EARNS_VOUCHER: Cents = Cents(10_000);

/// `order_paying`: method 1 pays at once, method 2 answers with a page.
pub(super) fn pay(call: &mut Call) -> Answered {
    let (user, now) = (call.user(), call.now);
    let id = required("orderid", call.members.number("orderid"))?;
    let method = required("payid", call.members.number_in("payid", 1..=2))?;
    let voucher =
        call.members.text_that("payvoucher", |text| is_digits(text) && (8..=32).contains(&text.len()))?;
    let order = call.order(id)?;
    if order.payment.is_some() || !order.is_open(now) {
        return Err(Refusal::OrderState);
    }
    if method == 2 {
        return gateway_page(call, id);
    }
    let earns = order.payable(call.faults) >= EARNS_VOUCHER;
    let voucher = required("payvoucher", Ok(voucher))?;
    let order = call.order_mut(id)?;
    order.payment = Some(Payment { method: u64::from(method), time: now, voucher, settled: None });
    if earns {
        vouchers::give(call.mall, call.faults, user, Kind::Money, None, now);
    }
    call.order_without_lines(id)
}

/// The page that goes on to the gateway; the order stays unpaid.
fn gateway_page(call: &Call, id: u64) -> Answered {
    let order = call.order(id)?;
    let names: Vec<&str> = order.lines.iter().map(|line| line.choice.product.name).collect();
    let payable = order.payable(call.faults);
    let fee = match call.faults.has(&faults::FORM_FEE_IN_CENTS) {
        true => payable.0.to_string(),
        false => payable.two_decimals(),
    };
    let form = Form {
        name: "alipaysubmit",
        action: "https://mapi.alipay.example/gateway.do?_input_charset=utf-8",
        method: "get",
        inputs: vec![
            ("payment_type", "1".to_owned()),
            ("out_trade_no", order.id.to_string()),
            ("service", "alipay.wap.create.direct.pay.by.user".to_owned()),
            ("_input_charset", "utf-8".to_owned()),
            ("subject", names.join(",")),
            ("total_fee", fee),
            ("return_url", "https://shop.example/alipay/return_url.jsp".to_owned()),
            ("notify_url", "https://shop.example/alipay/notify_url.jsp".to_owned()),
            ("body", format!("{}:{}", call.user().0, call.session)),
        ],
        sign: "sign",
        sign_type: "sign_type",
        key: None,
    };
    Ok(Outcome::Page(form.html(call.faults)))
}
