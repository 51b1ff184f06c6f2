//! An order, and how its detail is written.

use jiff::civil::DateTime;
use serde_json::Value;

use crate::fault::Faults;
use crate::json::Object;

use super::answer;
use super::clock;
use super::dictionary::{self, Dictionary};
use super::faults;
use super::state::State;

/// What a customer wants, and how far it got.
#[derive(Debug, Clone)]
pub(super) struct Order {
    pub(super) id: String,
    pub(super) company_name: String,
    pub(super) industry_type: &'static str,
    pub(super) belong_sale: u32,
    pub(super) belong_sale_name: String,
    pub(super) sms_type: &'static str,
    pub(super) expect_number: &'static str,
    pub(super) pay_type: &'static str,
    /// Yuan for a message, as text.
    pub(super) sale_price: String,
    pub(super) minimum_guarantee: &'static str,
    pub(super) channel_type: &'static str,
    pub(super) direct_connect: &'static str,
    pub(super) extend_size: &'static str,
    pub(super) sign_type: &'static str,
    pub(super) invoice_type: &'static str,
    pub(super) create_time: DateTime,
    pub(super) update_time: DateTime,
    pub(super) state: State,
    /// Whether a demand was raised (发起需求) since the order was last rolled back.
    pub(super) demanded: bool,
    pub(super) remark: Option<String>,
    /// Ids of the resources that it is placed with, each once.
    pub(super) resources: Vec<String>,
}

impl Order {
    /// The `data` of its detail, in the order of the document.
    pub(super) fn detail(&self, faults: &Faults) -> Object {
        let mut data = Object::default();
        data.push_text("orderId", &self.id);
        data.push_text("companyName", &self.company_name);
        data.push_text("industryType", self.industry_type);
        data.push("belongSale", number(faults, self.belong_sale));
        data.push_text("smsType", self.sms_type);
        data.push_text("expectNumber", self.expect_number);
        data.push_text("minimumGuarantee", self.minimum_guarantee);
        data.push_text("channelType", self.channel_type);
        data.push("directConnect", code(faults, self.direct_connect));
        data.push("extendSize", code(faults, self.extend_size));
        data.push("rate", Value::Null);
        data.push_text("signType", self.sign_type);
        data.push_text("contentTemplate", "1");
        data.push_text("payType", self.pay_type);
        data.push_text("salePrice", &format!("统一价:{}", self.sale_price));
        data.push("invoiceType", code(faults, self.invoice_type));
        data.push_text("onlineDate", &self.create_time.date().to_string());
        data.push("isAudit", number(faults, 0));
        data.push("state", number(faults, u32::from(self.state.code())));
        data.push("remark", self.remark.as_deref().map_or(Value::Null, Value::from));
        data.push("auditorId", Value::Null);
        data.push("operatorId", number(faults, 60));
        data.push("createTime", time(faults, self.create_time));
        data.push("updateTime", time(faults, self.update_time));
        self.push_names(faults, &mut data);
        answer::object(faults, data)
    }

    fn push_names(&self, faults: &Faults, data: &mut Object) {
        let name = |dictionary: Dictionary, code: &str| dictionary::name(dictionary, code);
        data.push_text("belongSaleName", &self.belong_sale_name);
        data.push_text("channelTypeName", &dictionary::names(dictionary::CHANNEL_TYPE, self.channel_type));
        data.push_text("directConnectName", name(dictionary::DIRECT_CONNECT, self.direct_connect));
        data.push_text("signTypeName", &dictionary::names(dictionary::SIGN_TYPE, self.sign_type));
        data.push_text("invoiceTypeName", name(dictionary::INVOICE_TYPE, self.invoice_type));
        data.push_text("isAuditName", name(dictionary::IS_AUDIT, "0"));
        data.push_text("stateName", self.state_name(faults));
        data.push_text("minimumGuaranteeName", name(dictionary::MINIMUM_GUARANTEE, self.minimum_guarantee));
        data.push_text("extendSizeName", name(dictionary::EXTEND_SIZE, self.extend_size));
        data.push("demandState", if self.demanded { number(faults, 0) } else { Value::Null });
        data.push_text("demandStateName", if self.demanded { "已发起" } else { "——" });
    }

    fn state_name(&self, faults: &Faults) -> &'static str {
        if faults.has(&faults::STATE_NAME_OF_RESOURCES) {
            return dictionary::name(dictionary::RESOURCE_STATE, &self.state.code().to_string());
        }
        self.state.name()
    }
}

/// A field that the document shows as a number.
fn number(faults: &Faults, number: u32) -> Value {
    if faults.has(&faults::NUMBERS_AS_STRINGS) {
        Value::from(number.to_string())
    } else {
        Value::from(number)
    }
}

/// The same, of a code; all codes of the dictionaries are digits.
fn code(faults: &Faults, code: &str) -> Value {
    number(faults, code.parse().unwrap_or_default())
}

fn time(faults: &Faults, time: DateTime) -> Value {
    if faults.has(&faults::TIMES_AS_EPOCH) {
        Value::from(clock::epoch(time))
    } else {
        Value::from(clock::text(time))
    }
}
