//! The key that was meant.

use stack_krm::yaml::Entry;
use stack_source::nearest;

/// Of more keys than these, nobody asks which is near: a map of data may have thousands, and a patch as many that are not there.
const MOST: usize = 64;

/// The key of a map that is nearest to one that it does not have.
pub(crate) fn near_key<'e>(key: &str, entries: &'e [Entry]) -> Option<&'e str> {
    let entries = if entries.len() > MOST { &[] } else { entries };
    nearest(key, entries.iter().map(|entry| entry.key.as_str()))
}
