//! Maps that stop growing: a sandbox that runs for weeks, or is flooded, must not eat the machine.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;

/// How many entries a map takes.
pub(crate) const CAPACITY: usize = 1_000_000;

/// A map had [`CAPACITY`] entries already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Full;

/// A hash map of at most [`CAPACITY`] entries.
#[derive(Debug)]
pub(crate) struct Bounded<K, V> {
    entries: HashMap<K, V>,
    capacity: usize,
}

impl<K: Eq + Hash, V> Bounded<K, V> {
    pub(crate) fn new() -> Self {
        Self::with_capacity(CAPACITY)
    }

    fn with_capacity(capacity: usize) -> Self {
        Bounded { entries: HashMap::new(), capacity }
    }

    pub(crate) fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.entries.get(key)
    }

    /// Adds or replaces; a full map still replaces.
    pub(crate) fn insert(&mut self, key: K, value: V) -> Result<(), Full> {
        if self.entries.len() >= self.capacity && !self.entries.contains_key(&key) {
            return Err(Full);
        }
        self.entries.insert(key, value);
        Ok(())
    }

    pub(crate) fn remove<Q: Eq + Hash + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.entries.remove(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_map_replaces_but_does_not_grow() {
        let mut map = Bounded::with_capacity(2);
        assert_eq!(map.insert("a", 1), Ok(()));
        assert_eq!(map.insert("b", 2), Ok(()));
        assert_eq!(map.insert("c", 3), Err(Full));
        assert_eq!(map.insert("a", 4), Ok(()));
        assert_eq!((map.get("a"), map.get("c")), (Some(&4), None));
        assert_eq!(map.remove("a"), Some(4));
        assert_eq!(map.insert("c", 3), Ok(()));
    }
}
