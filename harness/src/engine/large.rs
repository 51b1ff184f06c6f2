//! [`turn`]: large answers are judged and written one at a time, so that what hostile targets cost in memory does not
//! grow with the number of jobs.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// An answer of this many bytes costs several megabytes while it is judged: its text, its tree, what is searched.
const LARGE: usize = 256 << 10;

static TURN: Mutex<()> = Mutex::new(());

/// Waits until no other large answer is in hand; at once for a small one. To be held while one is judged or written.
pub fn turn(bytes: usize) -> Option<MutexGuard<'static, ()>> {
    (bytes >= LARGE).then(|| TURN.lock().unwrap_or_else(PoisonError::into_inner))
}
