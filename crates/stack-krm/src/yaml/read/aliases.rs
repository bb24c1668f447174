//! Aliases and `<<` in the order in which kustomize looks at them.
//!
//! Kustomize copies a map before it merges others into it, and an alias goes on to stand for the map as it was written. So a map that
//! merges one gets the `<<` of that too, instead of what it brings, unless an alias above has had to be a map by then. What a `<<` that
//! came so stands for is merged only when the object is printed.

use std::collections::BTreeMap;

use stack_source::Span;

use super::DuplicateKey;
use crate::yaml::merge_key::MERGE;
use crate::yaml::{Key, Mapping, Node, Value};

/// What aliases stand for. A node that was read as an alias is a null until all was read.
#[derive(Default)]
pub(super) struct Aliases {
    /// By where they stand: where what they stand for begins.
    aliases: BTreeMap<u32, u32>,
    /// By where it begins.
    anchored: BTreeMap<u32, Anchored>,
    /// What is lost where a map merges several that merge others themselves: the `<<` of all but the first.
    pub(super) lost: Vec<DuplicateKey>,
}

/// A list or a map with an anchor.
struct Anchored {
    node: Node,
    /// Whether an alias of it was looked at, which merges what it merges for good.
    was_seen: bool,
}

impl Aliases {
    /// What stands in the place of an alias until all was read.
    pub(super) fn stand_for(&mut self, anchored: &Node, alias: Span) -> Node {
        let start = anchored.span.start;
        self.aliases.insert(alias.start, start);
        self.anchored.entry(start).or_insert_with(|| Anchored { node: anchored.clone(), was_seen: false });
        Node { span: alias, ..Node::default() }
    }

    /// Puts what they stand for in the place of all aliases in a node, and merges what stands under `<<`. It takes no more room than
    /// aliases that are copied and maps that are merged while they are read, which has a limit.
    pub(super) fn expand(&mut self, node: &mut Node) {
        match &mut node.value {
            Value::Scalar(_) => {
                if let Some(start) = self.aliases.get(&node.span.start).copied() {
                    node.value = self.seen(start);
                }
            }
            Value::Sequence(nodes) => nodes.iter_mut().for_each(|node| self.expand(node)),
            Value::Mapping(map) => {
                self.merge(map);
                map.entries.iter_mut().for_each(|entry| self.expand(&mut entry.value));
            }
        }
    }

    fn seen(&mut self, start: u32) -> Value {
        let Some(anchored) = self.anchored.get_mut(&start) else { return Value::default() };
        if !std::mem::replace(&mut anchored.was_seen, true) {
            let mut node = std::mem::take(&mut anchored.node);
            self.expand(&mut node);
            if let Some(anchored) = self.anchored.get_mut(&start) {
                anchored.node = node;
            }
        }
        self.anchored.get(&start).map(|anchored| anchored.node.value.clone()).unwrap_or_default()
    }

    fn merge(&mut self, map: &mut Mapping) {
        let Some(merge) = map.remove(MERGE) else { return };
        let merged = match &merge.value {
            Value::Sequence(nodes) => nodes.as_slice(),
            Value::Mapping(_) | Value::Scalar(_) => std::slice::from_ref(&merge),
        };
        let maps = || merged.iter().filter_map(|node| self.as_written(node).as_mapping());
        map.add_missing(maps().flat_map(|map| &map.entries).cloned());
        let merges: Vec<&Key> = maps().filter_map(|map| map.entry(MERGE)).map(|entry| &entry.key).collect();
        if let [first, others @ ..] = merges.as_slice() {
            let lost = |other: &&Key| DuplicateKey { first: first.span, second: other.span, key: MERGE.into() };
            let lost: Vec<DuplicateKey> = others.iter().map(lost).collect();
            self.lost.extend(lost);
        }
    }

    /// What an alias stands for at this point of the way; any other node itself.
    fn as_written<'n>(&'n self, node: &'n Node) -> &'n Node {
        let is_scalar = node.as_scalar().is_some();
        let start = self.aliases.get(&node.span.start).filter(|_| is_scalar);
        start.and_then(|start| self.anchored.get(start)).map_or(node, |anchored| &anchored.node)
    }
}
