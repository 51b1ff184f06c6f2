//! What users have: things with ids of their own, the oldest of a user forgotten when there are too many.

use std::collections::{BTreeMap, VecDeque};

use super::accounts::UserId;

/// Things of one kind by id. Ids count from 1 and are never given again.
#[derive(Debug)]
pub(super) struct Store<T> {
    last_id: u64,
    entries: BTreeMap<u64, (UserId, T)>,
    by_user: BTreeMap<UserId, VecDeque<u64>>,
    capacity: usize,
}

impl<T> Store<T> {
    /// A store that keeps so many things of each user.
    pub(super) fn new(capacity: usize) -> Store<T> {
        Store { last_id: 0, entries: BTreeMap::new(), by_user: BTreeMap::new(), capacity }
    }

    /// Adds what is made for the id, and returns the id.
    pub(super) fn add(&mut self, user: UserId, make: impl FnOnce(u64) -> T) -> u64 {
        self.last_id += 1;
        let ids = self.by_user.entry(user).or_default();
        if ids.len() >= self.capacity
            && let Some(oldest) = ids.pop_front()
        {
            self.entries.remove(&oldest);
        }
        ids.push_back(self.last_id);
        self.entries.insert(self.last_id, (user, make(self.last_id)));
        self.last_id
    }

    /// Anybody's.
    pub(super) fn get(&self, id: u64) -> Option<&T> {
        self.entries.get(&id).map(|(_, thing)| thing)
    }

    /// Anybody's, to be changed.
    pub(super) fn get_mut(&mut self, id: u64) -> Option<&mut T> {
        self.entries.get_mut(&id).map(|(_, thing)| thing)
    }

    /// This user's.
    pub(super) fn get_of(&self, user: UserId, id: u64) -> Option<&T> {
        self.entries.get(&id).filter(|(owner, _)| *owner == user).map(|(_, thing)| thing)
    }

    /// This user's, to be changed.
    pub(super) fn get_mut_of(&mut self, user: UserId, id: u64) -> Option<&mut T> {
        self.entries.get_mut(&id).filter(|(owner, _)| *owner == user).map(|(_, thing)| thing)
    }

    /// Takes away this user's.
    pub(super) fn remove(&mut self, user: UserId, id: u64) -> Option<T> {
        self.get_of(user, id)?;
        if let Some(ids) = self.by_user.get_mut(&user) {
            ids.retain(|other| *other != id);
        }
        self.entries.remove(&id).map(|(_, thing)| thing)
    }

    /// All of this user's, oldest first.
    pub(super) fn of(&self, user: UserId) -> impl DoubleEndedIterator<Item = &T> {
        let ids = self.by_user.get(&user).into_iter().flatten();
        ids.filter_map(|id| self.get(*id))
    }

    /// The ids of all of this user's, oldest first.
    pub(super) fn ids_of(&self, user: UserId) -> Vec<u64> {
        self.by_user.get(&user).into_iter().flatten().copied().collect()
    }

    /// Everybody's, oldest first.
    pub(super) fn all(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.entries.values().map(|(_, thing)| thing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_of_a_user_goes_first() {
        let mut store = Store::new(2);
        let (one, other) = (UserId(7), UserId(8));
        for name in ["a", "b", "c"] {
            store.add(one, |_| name);
        }
        assert_eq!(store.add(other, |_| "d"), 4);
        assert_eq!(store.of(one).copied().collect::<Vec<_>>(), ["b", "c"]);
        assert_eq!((store.get(1), store.get_of(one, 4), store.get_of(other, 4)), (None, None, Some(&"d")));
        assert_eq!((store.remove(other, 2), store.remove(one, 2)), (None, Some("b")));
        assert_eq!(store.all().copied().collect::<Vec<_>>(), ["c", "d"]);
        assert_eq!(store.ids_of(one), [3]);
    }
}
