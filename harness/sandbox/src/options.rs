//! What a sandbox is started with.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use jiff::Timestamp;

/// What a sandbox is started with. Write `..Options::default()` at the end: fields may be added.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where to listen. Port 0 takes a free port, see [`Sandbox::address`](crate::Sandbox::address).
    pub listen: SocketAddr,
    /// The partner's `http://` URL for callbacks; it may have a query string already. `None`: no callbacks are sent.
    pub callback_url: Option<String>,
    /// Names of the faults to switch on, see [`faults`](crate::faults).
    pub faults: Vec<String>,
    /// Credentials to use instead of the generated ones, such as `CUBE_SECRET`. Names that the sandbox does not know
    /// are ignored, so that a whole environment can be handed in.
    pub credentials: BTreeMap<String, String>,
    /// What generated credentials and order ids are derived from: the same seed and the same requests in the same
    /// order give the same answers.
    pub seed: u64,
    /// How long after an accepted request its callback is sent.
    pub callback_delay: Duration,
    /// How long the faults about slowness hold an answer or a callback back (on top of `callback_delay`).
    pub fault_delay: Duration,
    /// What time it is for the APIs.
    pub clock: Clock,
}

impl Default for Options {
    /// Loopback, a free port, no callbacks, no faults, seed 1, callbacks after 20 ms, slow faults of 5 s, system clock.
    fn default() -> Self {
        Options {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            callback_url: None,
            faults: Vec::new(),
            credentials: BTreeMap::new(),
            seed: 1,
            callback_delay: Duration::from_millis(20),
            fault_delay: Duration::from_secs(5),
            clock: Clock::System,
        }
    }
}

/// Where a sandbox takes the time from. Dates in answers and the end of sessions depend on it, never delays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// Always this moment (clamped to the years that a date can be written in, up to 9999).
    Fixed(SystemTime),
    /// The moment that somebody else sets, see [`ManualClock`].
    Manual(ManualClock),
}

impl Clock {
    pub(crate) fn now(&self) -> Timestamp {
        let at = |time| Timestamp::try_from(time).unwrap_or(Timestamp::MAX);
        match self {
            Clock::System => Timestamp::now(),
            Clock::Fixed(time) => at(*time),
            Clock::Manual(clock) => at(clock.now()),
        }
    }
}

/// A clock that stands still until it is moved. Clones are one clock: keep one, and hand the other to the sandbox as
/// [`Clock::Manual`].
#[derive(Clone)]
pub struct ManualClock(Arc<Mutex<SystemTime>>);

impl ManualClock {
    /// A clock that shows this moment.
    pub fn starting(time: SystemTime) -> ManualClock {
        ManualClock(Arc::new(Mutex::new(time)))
    }

    /// Moves it forward, for the next request that is answered. A moment that can't be counted is not reached.
    pub fn advance(&self, by: Duration) {
        let mut time = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *time = time.checked_add(by).unwrap_or(*time);
    }

    /// What it shows.
    pub fn now(&self) -> SystemTime {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for ManualClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ManualClock").field(&self.now()).finish()
    }
}

/// Two handles are equal if they are of one clock.
impl PartialEq for ManualClock {
    fn eq(&self, other: &ManualClock) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for ManualClock {}
