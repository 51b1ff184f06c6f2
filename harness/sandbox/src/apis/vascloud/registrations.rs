//! Who is registered, and which notifications were answered how.

use crate::bounded::{Bounded, Full};
use crate::fault::Faults;

use super::faults;
use super::refusal::Refusal;

/// What a notification asks for, its `regType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// 1
    Register,
    /// 2
    Cancel,
}

/// Who has what.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Registration {
    pub(super) msisdn: String,
    pub(super) service: String,
    pub(super) package: String,
}

/// A well-formed notification.
#[derive(Debug)]
pub(super) struct Notification {
    pub(super) queue_id: u64,
    /// The same for notifications with the same content.
    pub(super) content: u64,
    pub(super) change: Change,
    pub(super) registration: Registration,
}

/// The state.
#[derive(Debug)]
pub(super) struct Registrations {
    active: Bounded<Registration, ()>,
    answered: Bounded<u64, Answered>,
}

#[derive(Debug)]
struct Answered {
    content: u64,
    outcome: Result<(), Refusal>,
}

impl From<Full> for Refusal {
    fn from(_: Full) -> Refusal {
        Refusal::Busy
    }
}

impl Registrations {
    pub(super) fn new() -> Registrations {
        Registrations { active: Bounded::new(), answered: Bounded::new() }
    }

    /// Processes a notification once: the same one sent again gets the same answer and changes nothing. Another one
    /// under a used `queueID` is taken for new.
    pub(super) fn process(&mut self, faults: &Faults, notification: Notification) -> Result<(), Refusal> {
        let Notification { queue_id, content, change, registration } = notification;
        match self.answered.get(&queue_id) {
            Some(answered) if answered.content == content && !faults.has(&faults::RETRY_REFUSED) => {
                return answered.outcome;
            }
            _ => {}
        }
        let outcome = match change {
            Change::Register => self.register(faults, registration),
            Change::Cancel => self.cancel(faults, &registration),
        };
        self.answered.insert(queue_id, Answered { content, outcome })?;
        outcome
    }

    fn register(&mut self, faults: &Faults, registration: Registration) -> Result<(), Refusal> {
        if self.active.get(&registration).is_some() && !faults.has(&faults::DOUBLE_REGISTRATION_ACCEPTED) {
            return Err(Refusal::AlreadyRegistered);
        }
        if faults.has(&faults::REGISTRATION_FORGOTTEN) {
            return Ok(());
        }
        Ok(self.active.insert(registration, ())?)
    }

    fn cancel(&mut self, faults: &Faults, registration: &Registration) -> Result<(), Refusal> {
        let registered = self.active.get(registration).is_some();
        if !registered && !faults.has(&faults::CANCEL_UNREGISTERED_ACCEPTED) {
            return Err(Refusal::NotRegistered);
        }
        if !faults.has(&faults::CANCEL_FORGOTTEN) {
            self.active.remove(registration);
        }
        Ok(())
    }
}
