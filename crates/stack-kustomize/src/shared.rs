//! Values that kustomize keeps once and has stand in several places.
//!
//! A label that it adds to the metadata, the selector and the template of an object is one value with three places, not three
//! values: whoever changes one of them later, a patch or another label, changes all. An author sees it where an overlay gives a label
//! another value that its base has put into selectors. Here the places are remembered, and mended after each change.

use stack_krm::yaml::{Mapping, Node, Text, Value};

use crate::field_path::Step;
use crate::item::Item;

/// One value and its places.
#[derive(Clone, Debug)]
pub(crate) struct Shared {
    key: Text,
    value: Value,
    places: Vec<Vec<Text>>,
}

/// The map at a path of keys.
fn map_at<'n>(node: &'n Node, path: &[Text]) -> Option<&'n Mapping> {
    node.at(path.iter().map(Text::as_str)).and_then(Node::as_mapping)
}

fn map_at_mut<'n>(node: &'n mut Node, path: &[Text]) -> Option<&'n mut Mapping> {
    path.iter().try_fold(node, |node, key| node.get_mut(key)).and_then(Node::as_mapping_mut)
}

/// Which of the keys are missing in the map that a path leads to.
pub(crate) fn missing<'k>(item: &Item, path: &[Step], keys: impl Iterator<Item = &'k Text>) -> Vec<bool> {
    let map = item.node.at(path.iter().map(|step| step.key.as_str())).and_then(Node::as_mapping);
    keys.map(|key| map.is_none_or(|map| map.get(key).is_none())).collect()
}

impl Shared {
    pub(crate) fn new(key: &Text, value: &Node) -> Self {
        Self { key: key.clone(), value: value.value.clone(), places: Vec::new() }
    }

    /// Adds a place, where the value has come to stand there. What lies in lists is left alone: lists are reordered.
    pub(crate) fn add(&mut self, item: &Item, path: &[Step]) {
        let path: Vec<Text> = path.iter().map(|step| step.key.clone()).collect();
        if map_at(&item.node, &path).is_some_and(|map| map.get(&self.key).is_some()) {
            self.places.push(path);
        }
    }

    pub(crate) fn is_shared(&self) -> bool {
        self.places.len() > 1
    }
}

impl Item {
    /// Brings a change of one place to the others. Where several have changed, the last one counts, in the order of the paths.
    pub(crate) fn mend_shared(&mut self) {
        if self.shared.is_empty() {
            return;
        }
        let mut groups = std::mem::take(&mut self.shared);
        for group in &mut groups {
            let Shared { key, value, places } = group;
            places.retain(|path| map_at(&self.node, path).is_some_and(|map| map.get(key).is_some()));
            let mut order: Vec<&Vec<Text>> = places.iter().collect();
            order.sort();
            let values = order.into_iter().filter_map(|path| map_at(&self.node, path)?.get(key));
            let Some(changed) = values.map(|node| &node.value).rfind(|now| **now != *value).cloned() else { continue };
            for path in &*places {
                if let Some(node) = map_at_mut(&mut self.node, path).and_then(|map| map.get_mut(key)) {
                    node.value = changed.clone();
                }
            }
            *value = changed;
        }
        groups.retain(Shared::is_shared);
        self.shared = groups;
    }
}
