//! Lists whose elements their keys tell apart, which nearly all are: nothing in them can be lost, doubled or moved, so kustomize's
//! steps ([`super::list`]) come to the same as one walk.

use stack_krm::yaml::{Node, Sequence, Text};

use super::{MergeError, Merger, Patch, Shape, directive};
use crate::id_map::{FEW, IdMap, IdSet};
use crate::kyaml::{NO_TEXT, text_of};

/// Whether the elements of the object and of the patch are such.
pub(super) fn are_told_apart(old: &[Node], (patch, given): (Patch<'_>, &[Node]), keys: &[Text]) -> bool {
    let lists = match patch {
        Patch::Absent => return differ(old, keys),
        Patch::Same => [old, &[]],
        Patch::Given(_) => [old, given],
    };
    let have_same_keys = match lists.map(<[Node]>::first) {
        [Some(old), Some(given)] => are_used(old, keys).eq(are_used(given, keys)),
        _ => true,
    };
    have_same_keys && lists.iter().all(|list| differ(list, keys) && are_plain(list))
}

impl<'s> Merger<'s> {
    /// Merges elements that are told apart: those of the patch come first, each with the object's, then the object's others. Where
    /// several keys tell them apart, only those come first that the object does not have.
    pub(super) fn side_by_side(
        &mut self,
        old: Sequence,
        (patch, given): (Patch<'_>, &[Node]),
        keys: &[Text],
        shape: Shape<'s>,
    ) -> Result<Sequence, MergeError> {
        let stay = given.first().is_some_and(|node| are_used(node, keys).filter(|is_used| *is_used).count() > 1);
        let places = (old.len() > FEW).then(|| {
            let place = |(place, node)| (texts(node, keys).cloned().collect(), place);
            old.iter().enumerate().map(place).collect::<IdMap<Vec<Text>, usize>>()
        });
        let mut merged = Sequence::with_capacity(given.len() + old.len());
        let mut old: Vec<Option<Node>> = old.into_iter().map(Some).collect();
        let mut kept: Vec<Option<Node>> = vec![None; if stay { old.len() } else { 0 }];
        for node in given {
            let place = match &places {
                Some(places) => places.get(&texts(node, keys).cloned().collect::<Vec<_>>()).copied(),
                None => {
                    old.iter().position(|old| old.as_ref().is_some_and(|old| texts(old, keys).eq(texts(node, keys))))
                }
            };
            let same = place.and_then(|place| old[place].take());
            let value = self.value(same, Patch::Given(node), shape)?;
            match place.and_then(|place| kept.get_mut(place)) {
                Some(kept) => *kept = value,
                None => merged.extend(value),
            }
        }
        let beside = if matches!(patch, Patch::Same) { Patch::Same } else { Patch::Absent };
        for (place, node) in old.into_iter().enumerate() {
            match node {
                Some(node) => merged.extend(self.value(Some(node), beside, shape)?),
                None => merged.extend(kept.get_mut(place).and_then(Option::take)),
            }
        }
        Ok(merged)
    }
}

/// Whether all elements have the same ones of the keys, at least one, and no two have the same texts there.
fn differ(list: &[Node], keys: &[Text]) -> bool {
    let Some(first) = list.first() else { return true };
    let have_same_keys = |node| are_used(node, keys).eq(are_used(first, keys));
    if !are_used(first, keys).any(|is_used| is_used) || !list.iter().all(have_same_keys) {
        return false;
    }
    if list.len() > FEW {
        let mut seen = IdSet::default();
        return list.iter().all(|node| seen.insert(texts(node, keys).collect::<Vec<_>>()));
    }
    let is_new = |(index, node)| !list[..index].iter().any(|earlier| texts(earlier, keys).eq(texts(node, keys)));
    list.iter().enumerate().all(is_new)
}

fn are_used<'n>(element: &'n Node, keys: &'n [Text]) -> impl Iterator<Item = bool> {
    texts(element, keys).map(|text| !text.is_empty())
}

/// Whether no element says what becomes of it.
fn are_plain(list: &[Node]) -> bool {
    list.iter().all(|node| node.as_mapping().is_some_and(|map| !directive::is_in(map)))
}

/// The texts of an element's keys; empty where it has none.
pub(super) fn texts<'n>(element: &'n Node, keys: &'n [Text]) -> impl Iterator<Item = &'n Text> {
    let text = |key| element.get(key).filter(|node| !node.is_null()).map_or(&NO_TEXT, text_of);
    keys.iter().map(move |key| text(key))
}

#[cfg(test)]
mod tests {
    use stack_krm::yaml::{Limits, Node, Sequence, Text, read};

    use super::super::{Merger, Patch, Schema, Shape};
    use super::are_told_apart;

    const ELEMENTS: [&str; 11] = [
        "{name: a}",
        "{name: b, x: 1}",
        "{name: a, protocol: TCP}",
        "{protocol: UDP, name: a, y: {z: 1}}",
        "{name: b, protocol: TCP, y: {z: null}}",
        "{name: b, protocol: UDP, x: null}",
        "{protocol: TCP, y: {}}",
        "{name: c, protocol: null}",
        "{name: {}, protocol: UDP}",
        "{x: 1}",
        "{name: a, $patch: delete}",
    ];

    fn elements(list: &Node) -> Sequence {
        list.as_sequence().unwrap().iter().cloned().collect()
    }

    /// All lists of up to two of the elements, and some of three.
    fn lists() -> Vec<Sequence> {
        let elements = ELEMENTS.map(|text| read(text, &Limits::default()).unwrap().remove(0).root);
        let one = elements.iter().map(|one| Sequence::from_iter([one.clone()]));
        let two =
            elements.iter().flat_map(|one| elements.iter().map(|two| Sequence::from_iter([one.clone(), two.clone()])));
        let three = [[2, 3, 4], [4, 3, 2], [5, 4, 3], [0, 1, 7], [7, 1, 0]];
        let three = three.iter().map(|places| places.iter().map(|place| elements[*place].clone()).collect());
        std::iter::once(Sequence::default()).chain(one).chain(two).chain(three).collect()
    }

    /// How many of the pairs of lists went the short way, as patches of one another; whether it came to the same is checked.
    fn short(keys: &[Text], patch: fn(&Node) -> Patch<'_>) -> usize {
        let lists = lists();
        let mut count = 0;
        for (old, new) in lists.iter().flat_map(|old| lists.iter().map(move |new| (old, new))) {
            let new = Node::sequence(new.clone());
            let patch = patch(&new);
            let given = if matches!(patch, Patch::Given(_)) { new.as_sequence().unwrap() } else { &[] };
            if !are_told_apart(old, (patch, given), keys) {
                continue;
            }
            let merger = || Merger::new(Schema::kubernetes(), &[]);
            let (mut one, mut other) = (merger(), merger());
            let side_by_side = one.side_by_side(old.clone(), (patch, given), keys, Shape::Plain);
            let step_by_step = other.step_by_step(old.clone(), (patch, given), keys, Shape::Plain);
            assert_eq!(side_by_side, step_by_step, "{old:?} {given:?}");
            assert_eq!(one.oddities, other.oddities);
            count += 1;
        }
        count
    }

    #[test]
    fn long_lists_go_the_short_way() {
        let keys = ["name", "protocol"].map(Text::from);
        let list = |range: std::ops::Range<usize>, x| {
            let element = |name| format!("{{name: n{name}, protocol: UDP, x: {x}}}");
            let text = format!("[{}]", range.map(element).collect::<Vec<_>>().join(", "));
            read(&text, &Limits::default()).unwrap().remove(0).root
        };
        let merged = |old: &Node, new: &Node| {
            let schema = Schema::kubernetes();
            let (old, given) = (elements(old), new.as_sequence().unwrap());
            assert!(are_told_apart(&old, (Patch::Given(new), given), &keys));
            Merger::new(schema, &[]).side_by_side(old, (Patch::Given(new), given), &keys, Shape::Plain).unwrap()
        };
        let expected = [list(40..60, 2), list(0..20, 1), list(20..40, 2)];
        let expected: Sequence = expected.iter().flat_map(elements).collect();
        assert_eq!(merged(&list(0..40, 1), &list(20..60, 2)), expected);
    }

    #[test]
    fn long_lists_that_are_not_told_apart_are_refused() {
        let text = "[{name: a}, {protocol: TCP}, ".to_owned() + &"{name: b, x: 1}, ".repeat(3_000) + "]";
        let old = elements(&read(&text, &Limits::default()).unwrap().remove(0).root);
        let keys = ["name", "protocol"].map(Text::from);
        let mut merger = Merger::new(Schema::kubernetes(), &[]);
        let error = merger.step_by_step(old, (Patch::Absent, &[]), &keys, Shape::Plain).unwrap_err();
        assert_eq!(
            error.message,
            "more than 2000 elements are to be merged: give each the same ones of `name`, `protocol`, and no two the same values there"
        );
    }

    #[test]
    fn the_short_way_comes_to_the_same() {
        let [name, protocol] = ["name", "protocol"].map(Text::from);
        let one = std::slice::from_ref(&name);
        let two = [name.clone(), protocol];
        let counts = [one, &two].map(|keys| {
            [short(keys, |node| Patch::Given(node)), short(keys, |_| Patch::Same), short(keys, |_| Patch::Absent)]
        });
        assert_eq!(counts, [[1600, 5520, 6762], [567, 4830, 5520]]);
    }
}
