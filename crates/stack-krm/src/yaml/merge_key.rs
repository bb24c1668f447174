//! The key that merges other maps into its own.

use std::collections::BTreeSet;

use super::{Entry, Mapping, Node, Text, Value};

/// The key, written without quotes.
pub(super) const MERGE: &str = "<<";

impl Node {
    /// Merges what [`PartReader`](super::PartReader) has left under `<<`, as kustomize does when it prints: what a map says itself
    /// wins, of several maps the first one wins.
    ///
    /// ```
    /// use stack_krm::yaml::{Limits, Node, PartReader};
    ///
    /// let text = "{a: &a {x: 1}, b: &b {<<: *a}, c: {<<: *b}}";
    /// let mut root = PartReader::new(text, &Limits::default())?.read(0..text.len())?.unwrap().root;
    /// assert_eq!(root.at(["c", "<<", "x"]).and_then(Node::as_i64), Some(1));
    /// root.expand_merges();
    /// assert_eq!(root.at(["c", "x"]).and_then(Node::as_i64), Some(1));
    /// # Ok::<(), stack_krm::yaml::ReadError>(())
    /// ```
    pub fn expand_merges(&mut self) {
        match &mut self.value {
            Value::Sequence(nodes) => nodes.iter_mut().for_each(Self::expand_merges),
            Value::Mapping(map) => {
                map.entries.iter_mut().for_each(|entry| entry.value.expand_merges());
                map.expand_merge();
            }
            Value::Scalar(_) => {}
        }
    }
}

impl Mapping {
    /// Merges what stands under its own `<<`, if that can be merged.
    pub(super) fn expand_merge(&mut self) {
        let maps = match self.get(MERGE).map(|merge| &merge.value) {
            Some(Value::Mapping(map)) => vec![map],
            Some(Value::Sequence(nodes)) => match nodes.iter().map(Node::as_mapping).collect::<Option<Vec<_>>>() {
                Some(maps) => maps,
                None => return,
            },
            _ => return,
        };
        let entries: Vec<Entry> = maps.into_iter().flat_map(|map| &map.entries).cloned().collect();
        self.remove(MERGE);
        self.add_missing(entries);
    }

    /// Adds entries whose keys are not there yet: of what is merged, the first one wins.
    pub(super) fn add_missing(&mut self, entries: impl IntoIterator<Item = Entry>) {
        let mut known: BTreeSet<Text> = self.entries.iter().map(|entry| entry.key.scalar.text.clone()).collect();
        let is_missing = |entry: &Entry| known.insert(entry.key.scalar.text.clone());
        self.entries.extend(entries.into_iter().filter(is_missing));
    }
}
