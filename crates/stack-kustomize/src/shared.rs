//! Values that kustomize keeps once and has stand in several places.
//!
//! A label that it adds to the metadata, the selector and the template of an object is one value with three places, not three
//! values: whoever changes one of them later, a patch or another label, changes all. An author sees it where an overlay gives a label
//! another value that its base has put into selectors. Here each place is marked, and all are mended after each change.

use stack_krm::yaml::{Node, Value};
use stack_source::Span;

use crate::item::Item;

/// One value that stands in several places.
#[derive(Clone, Debug)]
pub(crate) struct Shared {
    mark: Span,
    value: Value,
}

/// What a program makes has no place in a file, so the span of such a value can say which of them it is. No file is that long.
const MARKED: u32 = u32::MAX;

/// The mark of a scalar that kustomize has set without a type: what else is put there has the type that its text looks like.
pub(crate) const BARE: Span = Span { start: MARKED, end: 0 };

/// Whether a span is a mark and no place.
pub(crate) fn is_mark(span: Span) -> bool {
    span.start == MARKED
}

/// Whether a span is the mark of a value that stands in several places.
pub(crate) fn is_shared(span: Span) -> bool {
    is_mark(span) && span != BARE
}

impl Shared {
    /// A value that the object does not have yet.
    pub(crate) fn new(item: &Item, nth: usize, value: &Node) -> Self {
        let last = item.shared.last().map_or(0, |shared| shared.mark.end);
        let mark = Span { start: MARKED, end: last + 1 + u32::try_from(nth).unwrap_or_default() };
        Self { mark, value: value.value.clone() }
    }

    /// The value, with its mark.
    pub(crate) fn node(&self) -> Node {
        Node { span: self.mark, ..self.value.clone().into() }
    }
}

impl Item {
    /// Brings a change of one place to the others. Where several have changed, the last one counts, in the order of the paths.
    pub(crate) fn mend_shared(&mut self) {
        let mut groups = std::mem::take(&mut self.shared);
        for group in &mut groups {
            let mut changed = Changed { of: group, first: None, differ: false };
            changed.look(&self.node);
            let Changed { first: Some(now), differ, .. } = changed else { continue };
            let now = if differ { last_of(group, &self.node) } else { Some(now) };
            if let Some(now) = now.cloned() {
                set(group.mark, &now, &mut self.node);
                group.value = now;
            }
        }
        self.shared = groups;
    }
}

/// What has become of a value where it is another now.
struct Changed<'n, 's> {
    of: &'s Shared,
    first: Option<&'n Value>,
    /// Whether there are several, and they differ.
    differ: bool,
}

impl<'n> Changed<'n, '_> {
    fn look(&mut self, node: &'n Node) {
        match &node.value {
            Value::Sequence(nodes) => nodes.iter().for_each(|node| self.look(node)),
            Value::Mapping(map) => map.entries.iter().for_each(|entry| self.look(&entry.value)),
            value if node.span == self.of.mark && *value != self.of.value => {
                self.differ |= self.first.is_some_and(|first| first != value);
                self.first.get_or_insert(value);
            }
            Value::Scalar(_) => {}
        }
    }
}

/// The changed value that kustomize comes to last: it goes through the keys of a map in their order.
fn last_of<'n>(group: &Shared, node: &'n Node) -> Option<&'n Value> {
    match &node.value {
        Value::Sequence(nodes) => nodes.iter().rev().find_map(|node| last_of(group, node)),
        Value::Mapping(map) => {
            let mut entries: Vec<_> = map.entries.iter().collect();
            entries.sort_by(|a, b| b.key.as_str().cmp(a.key.as_str()));
            entries.into_iter().find_map(|entry| last_of(group, &entry.value))
        }
        value @ Value::Scalar(_) => (node.span == group.mark && *value != group.value).then_some(value),
    }
}

fn set(mark: Span, now: &Value, node: &mut Node) {
    match &mut node.value {
        Value::Sequence(nodes) => nodes.iter_mut().for_each(|node| set(mark, now, node)),
        Value::Mapping(map) => map.entries.iter_mut().for_each(|entry| set(mark, now, &mut entry.value)),
        value if node.span == mark => *value = now.clone(),
        Value::Scalar(_) => {}
    }
}
