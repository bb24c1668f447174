//! Maps and sets of ids and names, which are looked at several times for each object. Their hash is a fast one, and seeded anew for each
//! map, so that nobody can prepare names that meet.

use foldhash::fast::RandomState;

/// A map in the order in which its keys came.
pub(crate) type IdMap<K, V> = indexmap::IndexMap<K, V, RandomState>;
/// A set in the order in which its values came.
pub(crate) type IdSet<K> = indexmap::IndexSet<K, RandomState>;

/// Up to here things are compared with each other; more are indexed.
pub(crate) const FEW: usize = 16;
