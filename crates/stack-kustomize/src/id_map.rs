//! Maps and sets of ids and names, which are looked at several times for each object. Their hash is a fast one, and seeded anew for each
//! map, so that nobody can prepare names that meet.

use foldhash::fast::RandomState;
use stack_krm::yaml::{Mapping, Node};

use crate::steps;

/// A map in the order in which its keys came.
pub(crate) type IdMap<K, V> = indexmap::IndexMap<K, V, RandomState>;
/// A set in the order in which its values came.
pub(crate) type IdSet<K> = indexmap::IndexSet<K, RandomState>;

/// Up to here things are compared with each other; more are indexed.
pub(crate) const FEW: usize = 16;

/// The values of a map, for who looks for many of them: of equal keys the first one counts.
pub(crate) enum Fields<'m> {
    Few(&'m Mapping),
    Indexed(IdMap<&'m str, &'m Node>),
}

impl<'m> Fields<'m> {
    pub(crate) fn of(map: &'m Mapping) -> Self {
        if map.len() <= FEW {
            return Self::Few(map);
        }
        steps::note(map.len());
        let mut index = IdMap::with_capacity_and_hasher(map.len(), RandomState::default());
        for (key, value) in map.iter() {
            index.entry(key).or_insert(value);
        }
        Self::Indexed(index)
    }

    pub(crate) fn get(&self, key: &str) -> Option<&'m Node> {
        match self {
            Self::Few(map) => {
                steps::note(map.len());
                map.get(key)
            }
            Self::Indexed(index) => index.get(key).copied(),
        }
    }
}
