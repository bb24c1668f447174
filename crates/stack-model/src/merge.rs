//! How what says more lies on top of what says less: what is said wins, what is not said stays.

use std::hash::Hash;

use indexmap::IndexMap;

/// What is said wins.
pub fn replace<T: Clone>(base: &mut Option<T>, over: Option<&T>) {
    if let Some(value) = over {
        *base = Some(value.clone());
    }
}

/// Lays what is said on top of what is there, by its own way to merge.
pub(crate) fn lay<T: Clone>(base: &mut Option<T>, over: Option<&T>, merge: impl FnOnce(&mut T, &T)) {
    match (base, over) {
        (Some(base), Some(over)) => merge(base, over),
        (base, over) => replace(base, over),
    }
}

/// What is said of a key wins; new keys come last.
pub fn entries<K: Hash + Eq + Clone, V: Clone>(base: &mut IndexMap<K, V>, over: &IndexMap<K, V>) {
    for (key, value) in over {
        base.insert(key.clone(), value.clone());
    }
}
