//! Lists whose elements their keys tell apart, which nearly all are: nothing in them can be lost, doubled or moved, so kustomize's
//! steps ([`super::list`]) come to the same as one walk.

use indexmap::IndexSet;
use stack_krm::yaml::{Node, Text};

use super::{MergeError, Merger, Patch, Shape, directive};
use crate::kyaml::text_of;

/// Up to here elements are compared with each other; more are indexed.
const FEW: usize = 16;

/// Whether the elements of the object and of the patch are such.
pub(super) fn are_told_apart(old: &[Node], (patch, given): (Patch<'_>, &[Node]), keys: &[Text]) -> bool {
    match (patch, keys) {
        (Patch::Absent, _) => differ(old, keys),
        (Patch::Same | Patch::Given(_), [_]) => [old, given].iter().all(|list| differ(list, keys) && are_plain(list)),
        _ => false,
    }
}

impl<'s> Merger<'s> {
    /// Merges elements that are told apart: those of the patch come first, each with the object's, then the object's others.
    pub(super) fn side_by_side(
        &mut self,
        old: Vec<Node>,
        (patch, given): (Patch<'_>, &[Node]),
        keys: &[Text],
        shape: Shape<'s>,
    ) -> Result<Vec<Node>, MergeError> {
        let mut merged = Vec::with_capacity(given.len() + old.len());
        let mut old: Vec<Option<Node>> = old.into_iter().map(Some).collect();
        for node in given {
            let is_same = |old: &Node| texts(old, keys).eq(texts(node, keys));
            let same = old.iter_mut().find(|old| old.as_ref().is_some_and(is_same));
            merged.extend(self.value(same.and_then(Option::take), Patch::Given(node), shape)?);
        }
        let beside = if matches!(patch, Patch::Same) { Patch::Same } else { Patch::Absent };
        for node in old.into_iter().flatten() {
            merged.extend(self.value(Some(node), beside, shape)?);
        }
        Ok(merged)
    }
}

/// Whether all elements have the same ones of the keys, at least one, and no two have the same texts there.
fn differ(list: &[Node], keys: &[Text]) -> bool {
    let Some(first) = list.first() else { return true };
    let are_used = |node| texts(node, keys).map(|text| !text.is_empty());
    if !are_used(first).any(|is_used| is_used) || !list.iter().all(|node| are_used(node).eq(are_used(first))) {
        return false;
    }
    if list.len() > FEW {
        let mut seen = IndexSet::with_capacity(list.len());
        return list.iter().all(|node| seen.insert(texts(node, keys).collect::<Vec<_>>()));
    }
    let is_new = |(index, node)| !list[..index].iter().any(|earlier| texts(earlier, keys).eq(texts(node, keys)));
    list.iter().enumerate().all(is_new)
}

/// Whether no element says what becomes of it.
fn are_plain(list: &[Node]) -> bool {
    list.iter().all(|node| node.as_mapping().is_some_and(|map| !directive::is_in(map)))
}

/// The texts of an element's keys; empty where it has none.
fn texts<'n>(element: &'n Node, keys: &'n [Text]) -> impl Iterator<Item = &'n str> {
    let text = |key| element.get(key).filter(|node| !node.is_null()).map_or("", |node| text_of(node));
    keys.iter().map(move |key| text(key))
}

#[cfg(test)]
mod tests {
    use stack_krm::yaml::{Limits, Node, Text, read};

    use super::super::{Merger, Patch, Schema, Shape};
    use super::are_told_apart;

    const LISTS: [&str; 9] = [
        "[]",
        "[{name: a}]",
        "[{name: b, x: 1}, {name: a, y: {z: 1}}]",
        "[{name: c, protocol: TCP}, {name: a, x: 2}]",
        "[{name: a, x: null}, {name: d, y: {}}]",
        "[{name: a, protocol: TCP}, {name: a, protocol: UDP}]",
        "[{protocol: TCP, name: a}, {name: b, protocol: TCP}]",
        "[{x: 1}, {name: a}]",
        "[{name: a, $patch: delete}]",
    ];

    /// How many of the pairs of lists went the short way, as patches of one another; whether it came to the same is checked.
    fn short(keys: &[Text], patch: fn(&Node) -> Patch<'_>) -> usize {
        let list = |text| read(text, &Limits::default()).unwrap().remove(0).root;
        let elements = |node: &Node| node.as_sequence().unwrap().to_vec();
        let mut count = 0;
        for (old, new) in LISTS.iter().flat_map(|old| LISTS.map(|new| (list(old), list(new)))) {
            let patch = patch(&new);
            let given = if matches!(patch, Patch::Given(_)) { elements(&new) } else { Vec::new() };
            if !are_told_apart(&elements(&old), (patch, &given), keys) {
                continue;
            }
            let merger = || Merger::new(Schema::kubernetes(), &[]);
            let (mut one, mut other) = (merger(), merger());
            let side_by_side = one.side_by_side(elements(&old), (patch, &given), keys, Shape::Plain);
            let step_by_step = other.step_by_step(elements(&old), (patch, &given), keys, Shape::Plain);
            assert_eq!(side_by_side, step_by_step, "{old:?} {given:?}");
            assert_eq!(one.oddities, other.oddities);
            count += 1;
        }
        count
    }

    #[test]
    fn the_short_way_comes_to_the_same() {
        let [name, protocol] = ["name", "protocol"].map(Text::from);
        let one = std::slice::from_ref(&name);
        assert_eq!(short(one, |node| Patch::Given(node)), 36);
        assert_eq!(short(one, |_| Patch::Same), 54);
        assert_eq!(short(one, |_| Patch::Absent), 63);
        assert_eq!(short(&[name.clone(), protocol], |_| Patch::Absent), 63);
    }
}
