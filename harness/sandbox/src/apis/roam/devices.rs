//! The devices that calls go out by, and their channels (#541 to #546).

use std::collections::BTreeMap;

use crate::json::{self, Object};

use super::call::{Answered, Call, result};
use super::input::{is_digits, required};
use super::node::{Members, Node};
use super::refusal::Refusal;

/// How many devices are kept, and how many channels of each.
const CAPACITY: usize = 10_000;
const CHANNELS: u32 = 256;

/// A device.
#[derive(Debug, Clone, Default)]
struct Device {
    hostname: String,
    host: String,
    domain: String,
    /// By their number in the device.
    channels: BTreeMap<u32, Channel>,
}

/// A channel of a device.
#[derive(Debug, Clone)]
struct Channel {
    id: u64,
    phone: String,
}

/// All devices.
#[derive(Debug, Default)]
pub(super) struct Devices {
    by_id: BTreeMap<u64, Device>,
    last_channel: u64,
}

impl Device {
    /// The device as answers have it: `devid` is the name, and the id is `id` (#543).
    fn json(&self, id: u64) -> Object {
        let mut json = Object::default();
        json.push_text("devid", &self.hostname);
        json.push_text("domain", &self.domain);
        json.push_text("host", &self.host);
        json.push("id", id);
        json.push("userid", 0);
        json
    }
}

/// `touchdev_set`: creates a device, or changes it.
pub(super) fn set(call: &mut Call) -> Answered {
    let id = required("devid", call.members.id("devid"))?;
    let hostname = required("hostname", call.members.text("hostname"))?;
    let host = required("host", call.members.text("host"))?;
    let domain = required("domain", call.members.text("domain"))?;
    let devices = &mut call.mall.devices.by_id;
    if devices.len() >= CAPACITY && !devices.contains_key(&id) {
        devices.pop_first();
    }
    let device = devices.entry(id).or_default();
    (device.hostname, device.host, device.domain) = (hostname, host, domain);
    Ok(result("touch", device.json(id)))
}

/// `touchchans_set`: creates channels of a device, or changes them.
pub(super) fn set_channels(call: &mut Call) -> Answered {
    let id = required("devid", call.members.id("devid"))?;
    let wanted = channels(call.members)?;
    let devices = &mut call.mall.devices;
    let device = devices.by_id.get_mut(&id).ok_or(Refusal::UnknownDevice)?;
    let mut set = Vec::new();
    for (number, phone) in wanted {
        let last = &mut devices.last_channel;
        let channel = device.channels.entry(number).or_insert_with(|| {
            *last += 1;
            Channel { id: *last, phone: String::new() }
        });
        channel.phone = phone;
        let mut json = Object::default();
        json.push("devid", id);
        json.push("id", channel.id);
        json.push_text("phone", &channel.phone);
        json.push("subid", number);
        json.push("userid", 0);
        set.push(json);
    }
    Ok(result("touchchans", json::array(set)))
}

/// The wanted channels: number and phone. A form has them as JSON text.
fn channels(members: &Members) -> Result<Vec<(u32, String)>, Refusal> {
    const NAME: &str = "chans";
    let node = required(NAME, members.node(NAME))?;
    let parsed;
    let list = match node {
        Node::List(list) => list,
        Node::Scalar(text) | Node::Text(text) if !text.is_empty() => {
            parsed = serde_json::from_str(text).map_err(|_| Refusal::Malformed(NAME))?;
            let Node::List(list) = &parsed else { return Err(Refusal::Malformed(NAME)) };
            list
        }
        _ => return Err(Refusal::Malformed(NAME)),
    };
    if list.is_empty() || list.len() > CHANNELS as usize {
        return Err(Refusal::Malformed(NAME));
    }
    let channel = |node: &Node| {
        let Node::Object(members) = node else { return Err(Refusal::Malformed(NAME)) };
        let number = required("subid", members.number_in("subid", 1..=CHANNELS))?;
        let phone = members.text_that("phone", |phone| is_digits(phone) && (5..=20).contains(&phone.len()));
        Ok((number, required("phone", phone)?))
    };
    list.iter().map(channel).collect()
}
