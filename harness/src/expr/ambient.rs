//! [`Ambient`]: what an expression may take from outside the exchange: random numbers and the clock.

use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Random numbers and local time of one trial. The same seed gives the same numbers.
#[derive(Debug)]
pub struct Ambient {
    state: AtomicU64,
    offset: Offset,
    /// How often something was taken.
    taken: AtomicU64,
    /// A clock that stands still, where an exchange is judged again.
    fixed_now: Mutex<Option<Timestamp>>,
}

impl Ambient {
    /// `name` makes the numbers of a trial differ from those of every other trial of the run.
    pub fn new(seed: u64, name: &str, offset: Offset) -> Self {
        let mut hash = seed ^ 0xcbf2_9ce4_8422_2325;
        for byte in name.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Self { state: AtomicU64::new(hash), offset, taken: AtomicU64::new(0), fixed_now: Mutex::new(None) }
    }

    /// The next number of the SplitMix64 sequence.
    pub fn next(&self) -> u64 {
        self.taken.fetch_add(1, Ordering::Relaxed);
        let step = 0x9e37_79b9_7f4a_7c15;
        let mut z = self.state.fetch_add(step, Ordering::Relaxed).wrapping_add(step);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// `n` random decimal digits.
    pub fn digits(&self, n: usize) -> String {
        (0..n).map(|_| char::from(b'0' + (self.next() % 10) as u8)).collect()
    }

    /// A random UUID (RFC 9562 version 4).
    pub fn uuid(&self) -> String {
        let high = (self.next() & !0xf000) | 0x4000;
        let low = (self.next() & !(0b11 << 62)) | (0b10 << 62);
        let hex = format!("{high:016x}{low:016x}");
        format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
    }

    pub fn now(&self) -> Zoned {
        self.taken.fetch_add(1, Ordering::Relaxed);
        let fixed = self.fixed_now.lock().map(|now| *now).unwrap_or(None);
        fixed.unwrap_or_else(Timestamp::now).to_zoned(TimeZone::fixed(self.offset))
    }

    /// How many random numbers and times were taken so far: what was computed meanwhile differs from run to run.
    pub fn taken(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }

    /// Where in its sequence of random numbers it is: the same as long as none was taken.
    pub fn position(&self) -> u64 {
        self.state.load(Ordering::Relaxed)
    }

    /// A copy that goes on with the same numbers, and whose clock stands still.
    pub fn frozen(&self) -> Self {
        let now = self.fixed_now.lock().map(|now| *now).unwrap_or(None);
        Self {
            state: AtomicU64::new(self.state.load(Ordering::Relaxed)),
            taken: AtomicU64::new(self.taken.load(Ordering::Relaxed)),
            offset: self.offset,
            fixed_now: Mutex::new(Some(now.unwrap_or_else(Timestamp::now))),
        }
    }

    #[cfg(test)]
    pub fn set_now(&self, now: Timestamp) {
        *self.fixed_now.lock().expect("not poisoned") = Some(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_and_name_give_the_same_numbers() {
        let make = |seed, name| Ambient::new(seed, name, Offset::UTC).digits(20);
        assert_eq!(make(1, "a"), make(1, "a"));
        assert_ne!(make(1, "a"), make(1, "b"));
        assert_ne!(make(1, "a"), make(2, "a"));
        let uuid = Ambient::new(1, "a", Offset::UTC).uuid();
        assert_eq!((uuid.len(), &uuid[14..15]), (36, "4"));
    }
}
