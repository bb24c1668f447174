//! How a service that says more lies on top of one that says less: what is said wins, what is not said stays.

use std::hash::Hash;

use indexmap::IndexMap;

pub(crate) fn replace<T: Clone>(base: &mut Option<T>, over: Option<&T>) {
    if let Some(value) = over {
        *base = Some(value.clone());
    }
}

pub(crate) fn entries<K: Hash + Eq + Clone, V: Clone>(base: &mut IndexMap<K, V>, over: &IndexMap<K, V>) {
    for (key, value) in over {
        base.insert(key.clone(), value.clone());
    }
}
