//! Values that kustomize keeps once and has stand in several places.
//!
//! A label that it adds to the metadata, the selector and the template of an object is one value with three places, not three
//! values: whoever changes one of them later, a patch or another label, changes all. An author sees it where an overlay gives a label
//! another value that its base has put into selectors. Here each place is marked, and all are mended after each change.

use stack_krm::yaml::{Node, Value};
use stack_source::Span;

use crate::id_map::IdMap;
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

/// The mark of the value that a replacement copies, while it looks at fields among which that may be.
pub(crate) const SOURCE: Span = Span { start: MARKED, end: u32::MAX };

/// The mark of one of the fields that a replacement looks at, while they are changed one by one. It counts as that of a value which
/// stands in several places: a copy has none.
pub(crate) fn hit(nth: usize) -> Span {
    Span { start: MARKED, end: u32::MAX - 1 - u32::try_from(nth).unwrap_or(u32::MAX / 2) }
}

/// Whether a span is a mark and no place.
pub(crate) fn is_mark(span: Span) -> bool {
    span.start == MARKED
}

/// Whether a span is the mark of a value that stands in several places.
pub(crate) fn is_shared(span: Span) -> bool {
    is_mark(span) && span != BARE && span != SOURCE
}

/// Has the values in a list or a map that is a copy stand for themselves.
pub(crate) fn unmark(copy: &mut Node) {
    if is_shared(copy.span) {
        copy.span = Span::default();
    }
    match &mut copy.value {
        Value::Sequence(nodes) => nodes.iter_mut().for_each(unmark),
        Value::Mapping(map) => map.entries.iter_mut().for_each(|entry| unmark(&mut entry.value)),
        Value::Scalar(_) => {}
    }
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
        if self.shared.is_empty() {
            return;
        }
        let mut groups = std::mem::take(&mut self.shared);
        let mut changes = Changes { groups: &groups, by_group: IdMap::default() };
        changes.look(&self.node);
        let now: IdMap<usize, Value> = changes.now(&self.node);
        if !now.is_empty() {
            set(&groups, &now, &mut self.node);
            now.into_iter().for_each(|(group, now)| groups[group].value = now);
        }
        self.shared = groups;
    }
}

/// The value of whose places a span is the mark. Marks grow from one value to the next.
fn group_of(groups: &[Shared], span: Span) -> Option<usize> {
    if !is_shared(span) {
        return None;
    }
    groups.binary_search_by_key(&span.end, |group| group.mark.end).ok()
}

/// What has become of the values that are others now.
struct Changes<'n, 's> {
    groups: &'s [Shared],
    by_group: IdMap<usize, Changed<'n>>,
}

struct Changed<'n> {
    first: &'n Value,
    /// Whether there are several, and they differ.
    differ: bool,
}

impl<'n> Changes<'n, '_> {
    fn look(&mut self, node: &'n Node) {
        match &node.value {
            Value::Sequence(nodes) => nodes.iter().for_each(|node| self.look(node)),
            Value::Mapping(map) => map.entries.iter().for_each(|entry| self.look(&entry.value)),
            value @ Value::Scalar(_) => {
                let group = group_of(self.groups, node.span);
                if let Some(group) = group.filter(|group| *value != self.groups[*group].value) {
                    let changed = self.by_group.entry(group).or_insert(Changed { first: value, differ: false });
                    changed.differ |= changed.first != value;
                }
            }
        }
    }

    fn now(self, node: &Node) -> IdMap<usize, Value> {
        let now = |(group, changed): (usize, Changed<'n>)| {
            let last = if changed.differ { last_of(&self.groups[group], node) } else { None };
            (group, last.unwrap_or(changed.first).clone())
        };
        self.by_group.into_iter().map(now).collect()
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

fn set(groups: &[Shared], now: &IdMap<usize, Value>, node: &mut Node) {
    match &mut node.value {
        Value::Sequence(nodes) => nodes.iter_mut().for_each(|node| set(groups, now, node)),
        Value::Mapping(map) => map.entries.iter_mut().for_each(|entry| set(groups, now, &mut entry.value)),
        value @ Value::Scalar(_) => {
            if let Some(now) = group_of(groups, node.span).and_then(|group| now.get(&group)) {
                *value = now.clone();
            }
        }
    }
}
