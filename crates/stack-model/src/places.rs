use std::collections::BTreeMap;

use stack_source::Locus;

/// Where the keys of a map were written, so that a fault about one leads to its word.
///
/// As two [`Locus`] are, all are equal: where a thing was written is no part of what it is.
#[derive(Clone, Debug, Default)]
pub struct Places(BTreeMap<String, Locus>);

impl Places {
    /// Where this key was written.
    pub fn get(&self, key: &str) -> Option<&Locus> {
        self.0.get(key)
    }

    pub(crate) fn merge(&mut self, over: &Self) {
        self.0.extend(over.0.iter().map(|(key, at)| (key.clone(), at.clone())));
    }
}

impl FromIterator<(String, Locus)> for Places {
    fn from_iter<I: IntoIterator<Item = (String, Locus)>>(places: I) -> Self {
        Self(places.into_iter().collect())
    }
}

impl PartialEq for Places {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Places {}
