//! Sessions: a UUID from login until half an hour without use.

use std::collections::{BTreeMap, HashMap, VecDeque};

use jiff::{SignedDuration, Timestamp};

use crate::random::Random;

use super::accounts::UserId;
use super::refusal::Refusal;

/// How long a session lives without use.
const IDLE: SignedDuration = SignedDuration::from_mins(30);

/// How many sessions of a user are remembered; the oldest is forgotten then.
const CAPACITY: usize = 10_000;

/// A session of user 7 that has expired, for cases about that.
const EXPIRED: (&str, UserId) = ("0e5e551d-0000-4000-8000-000000000007", UserId(7));

/// A session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Session {
    pub(super) user: UserId,
    /// Whether it came from an initial password that is still to be changed.
    pub(super) is_initial: bool,
    last_used: Timestamp,
}

impl Session {
    /// What stands in for a session where a fault asks for none.
    pub(super) fn unchecked(user: UserId) -> Session {
        Session { user, is_initial: false, last_used: Timestamp::MAX }
    }
}

/// All sessions.
#[derive(Debug)]
pub(super) struct Sessions {
    random: Random,
    entries: HashMap<String, Session>,
    by_user: BTreeMap<UserId, VecDeque<String>>,
}

impl Sessions {
    pub(super) fn new(random: Random) -> Sessions {
        let (id, user) = EXPIRED;
        let expired = Session { user, is_initial: false, last_used: Timestamp::MIN };
        Sessions { random, entries: [(id.to_owned(), expired)].into(), by_user: BTreeMap::new() }
    }

    /// A new session.
    pub(super) fn open(&mut self, user: UserId, is_initial: bool, now: Timestamp) -> String {
        let id = uuid(self.random.next(), self.random.next());
        let ids = self.by_user.entry(user).or_default();
        if ids.len() >= CAPACITY
            && let Some(oldest) = ids.pop_front()
        {
            self.entries.remove(&oldest);
        }
        ids.push_back(id.clone());
        self.entries.insert(id.clone(), Session { user, is_initial, last_used: now });
        id
    }

    /// The session of this id, used now.
    pub(super) fn used(&mut self, id: &str, now: Timestamp) -> Result<Session, Refusal> {
        let session = self.entries.get_mut(id).ok_or(Refusal::NoSession)?;
        if now.duration_since(session.last_used) > IDLE {
            return Err(Refusal::ExpiredSession);
        }
        session.last_used = session.last_used.max(now);
        Ok(*session)
    }

    /// The session of this id, whether it has expired or not.
    pub(super) fn peek(&self, id: &str) -> Option<Session> {
        self.entries.get(id).copied()
    }

    /// The password is not the initial one any more.
    pub(super) fn password_changed(&mut self, id: &str) {
        if let Some(session) = self.entries.get_mut(id) {
            session.is_initial = false;
        }
    }

    /// The last session of this user that is not this one.
    pub(super) fn other(&self, user: UserId, id: &str) -> Option<&str> {
        let ids = self.by_user.get(&user)?;
        ids.iter().rev().map(String::as_str).find(|other| *other != id)
    }
}

/// A version 4 UUID (RFC 9562 section 5.4) of 122 of these bits.
pub(super) fn uuid(high: u64, low: u64) -> String {
    let high = high & 0xffff_ffff_ffff_0fff | 0x4000;
    let low = low & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000;
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xffff,
        low >> 48,
        low & 0xffff_ffff_ffff
    )
}

/// Whether a text has the form of a session.
pub(super) fn is_uuid(text: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    let is_dash = |index| [8, 13, 18, 23].contains(&index);
    let is_right = |(index, byte)| if is_dash(index) { byte == b'-' } else { is_digit(byte) };
    text.len() == 36 && text.bytes().enumerate().all(is_right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuids_are_of_version_4() {
        assert_eq!(uuid(0, 0), "00000000-0000-4000-8000-000000000000");
        assert_eq!(uuid(u64::MAX, u64::MAX), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert!(is_uuid(&uuid(1, 2)));
        for text in ["", "ffffffff-ffff-4fff-bfff-fffffffffff", "ffffffff-ffff-4fff-bfff-fffffffffffg"] {
            assert!(!is_uuid(text), "{text}");
        }
    }

    #[test]
    fn a_session_lives_while_it_is_used() {
        let mut sessions = Sessions::new(Random::new(1, "test"));
        let start: Timestamp = "2026-02-01T00:00:00Z".parse().unwrap();
        let after = |minutes| start + SignedDuration::from_mins(minutes);
        let id = sessions.open(UserId(7), false, start);
        assert!(sessions.used(&id, after(30)).is_ok());
        assert!(sessions.used(&id, after(60)).is_ok());
        assert_eq!(sessions.used(&id, after(91)), Err(Refusal::ExpiredSession));
        assert_eq!(sessions.used("nosuch", start), Err(Refusal::NoSession));
        assert_eq!(sessions.used(EXPIRED.0, start), Err(Refusal::ExpiredSession));
    }

    #[test]
    fn the_oldest_is_forgotten() {
        let mut sessions = Sessions::new(Random::new(1, "test"));
        let start = Timestamp::UNIX_EPOCH;
        let first = sessions.open(UserId(7), false, start);
        let second = sessions.open(UserId(7), false, start);
        for _ in 1..CAPACITY {
            sessions.open(UserId(7), false, start);
        }
        assert_eq!(sessions.used(&first, start), Err(Refusal::NoSession));
        assert!(sessions.used(&second, start).is_ok());
    }
}
