//! A resource (an SMS channel of a supplier), and how the list shows it.

use jiff::civil::DateTime;
use serde_json::Value;

use crate::fault::Faults;
use crate::json::Object;

use super::answer;
use super::clock;
use super::dictionary;

/// The remark of every resource, as in the document.
const REMARK: &str = "1";

/// Something that orders can be matched with.
#[derive(Debug, Clone)]
pub(super) struct Resource {
    pub(super) id: String,
    pub(super) channel_id: String,
    pub(super) channel_type: &'static str,
    pub(super) direct_connect: &'static str,
    pub(super) extend_size: &'static str,
    pub(super) sign_type: &'static str,
    pub(super) minimum_guarantee: &'static str,
    pub(super) is_credit: &'static str,
    pub(super) invoice_type: &'static str,
    pub(super) protocol_type: &'static str,
    /// Yuan for a message, as text.
    pub(super) purchase_price: String,
    pub(super) state: &'static str,
    pub(super) create_time: DateTime,
    pub(super) update_time: DateTime,
    /// Whether it has an `onlineDate`, the day before it was created.
    pub(super) is_online: bool,
}

impl Resource {
    /// Its line in the list, in the order of the document: every field is text or null.
    pub(super) fn line(&self, faults: &Faults) -> Object {
        self.line_with_remark(faults, REMARK)
    }

    /// The same with another remark. Only a fault needs one.
    pub(super) fn line_with_remark(&self, faults: &Faults, remark: &str) -> Object {
        let online = self.create_time.date().yesterday().ok().filter(|_| self.is_online);
        let mut line = Object::default();
        line.push("orderBy", Value::Null);
        line.push("rowNum", Value::Null);
        line.push_text("resourceId", &self.id);
        line.push_text("channelId", &self.channel_id);
        line.push_text("channelType", self.channel_type);
        line.push_text("smsType", "1");
        line.push_text("contentProp", "1");
        line.push_text("belongBusiness", "1");
        line.push("belongBusinessName", Value::Null);
        line.push_text("directConnect", self.direct_connect);
        line.push_text("extendSize", self.extend_size);
        line.push_text("signType", self.sign_type);
        line.push_text("purchasePrice", &format!("统一价:{}", self.purchase_price));
        line.push_text("rate", "1");
        line.push_text("minimumGuarantee", self.minimum_guarantee);
        line.push_text("isCredit", self.is_credit);
        line.push_text("payType", "1");
        line.push_text("invoiceType", self.invoice_type);
        line.push_text("mtIp", "1");
        line.push_text("protocolType", self.protocol_type);
        line.push_text("supplier", "1");
        line.push_text("contact", "1");
        line.push_text("mobile", "1");
        line.push_text("isAudit", "0");
        line.push("onlineDate", online.map_or(Value::Null, |date| Value::from(date.to_string())));
        line.push_text("state", self.state);
        line.push_text("remark", remark);
        line.push_text("auditorId", "1");
        line.push_text("operatorId", "1");
        line.push_text("createTime", &clock::text(self.create_time));
        line.push_text("updateTime", &clock::text(self.update_time));
        self.push_names(&mut line);
        answer::object(faults, line)
    }

    fn push_names(&self, line: &mut Object) {
        use dictionary::{name, names};
        line.push_text("channelTypeName", &names(dictionary::CHANNEL_TYPE, self.channel_type));
        line.push_text("directConnectName", name(dictionary::DIRECT_CONNECT, self.direct_connect));
        line.push_text("signTypeName", &names(dictionary::SIGN_TYPE, self.sign_type));
        line.push_text("extendSizeName", name(dictionary::EXTEND_SIZE, self.extend_size));
        line.push_text("minimumGuaranteeName", name(dictionary::MINIMUM_GUARANTEE, self.minimum_guarantee));
        line.push_text("isCreditName", name(dictionary::IS_CREDIT, self.is_credit));
        line.push_text("invoiceTypeName", name(dictionary::INVOICE_TYPE, self.invoice_type));
        line.push_text("protocolTypeName", name(dictionary::PROTOCOL_TYPE, self.protocol_type));
        line.push_text("stateName", name(dictionary::RESOURCE_STATE, self.state));
    }
}
