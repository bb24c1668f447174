//! The elements of two lists on their way into one, and how kyaml puts them there.

use stack_krm::yaml::{Node, Sequence, Text, Value};

use super::{MergeError, directive};
use crate::kyaml::text_of;

/// An element: of the object, or made from the patch.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    Old(usize),
    New(usize),
}

pub(super) struct Elements {
    pub(super) old: Sequence,
    pub(super) new: Sequence,
}

impl Elements {
    pub(super) fn get(&self, piece: Piece) -> &Node {
        match piece {
            Piece::Old(index) => &self.old[index],
            Piece::New(index) => &self.new[index],
        }
    }

    pub(super) fn get_mut(&mut self, piece: Piece) -> &mut Node {
        match piece {
            Piece::Old(index) => &mut self.old[index],
            Piece::New(index) => &mut self.new[index],
        }
    }
}

/// Whether an element has a key with this value. An element without keys is its own key.
pub(super) fn has(element: &Node, key: &Text, value: &Text) -> bool {
    if key.is_empty() {
        return text_of(element) == value;
    }
    element.get(key).is_some_and(|node| text_of(node) == value)
}

pub(super) fn is_empty(node: &Node) -> bool {
    node.is_null() || node.as_mapping().is_some_and(stack_krm::yaml::Mapping::is_empty)
}

/// kyaml's `ElementSetter`: puts an element in the place of those with the given keys, or at the end; without one, takes them out.
/// With fewer values than keys, the last answer counts for the rest; without values, everything goes.
pub(super) fn set(
    elements: &Elements,
    list: &mut Vec<Piece>,
    element: Option<Piece>,
    keys: &[Text],
    values: &[Text],
) -> Result<(), MergeError> {
    let is_for_maps = keys.first().is_some_and(|key| !key.is_empty()) && values.first().is_some_and(|v| !v.is_empty());
    let mut is_there = false;
    let mut result = Vec::with_capacity(list.len() + 1);
    for piece in list.drain(..) {
        let node = elements.get(piece);
        if is_empty(node) {
            continue;
        }
        if node.as_mapping().is_none() && is_for_maps {
            result.push(piece);
            continue;
        }
        let mut is_it = !values.is_empty();
        for (key, value) in keys.iter().zip(values) {
            is_it = is_it && matches(node, key, value)?;
        }
        if is_it {
            is_there = true;
            result.extend(element);
        } else if !values.is_empty() {
            result.push(piece);
        }
    }
    if let Some(element) = element.filter(|element| !is_there && !elements.get(*element).is_null()) {
        result.push(element);
    }
    *list = result;
    Ok(())
}

/// As kyaml's `FieldMatcher` matches: an empty value stands for any.
fn matches(node: &Node, key: &Text, value: &Text) -> Result<bool, MergeError> {
    match (&node.value, key.is_empty()) {
        (Value::Scalar(scalar), true) => Ok(scalar.text == *value),
        (Value::Mapping(map), false) => Ok(map.get(key).is_some_and(|node| value.is_empty() || text_of(node) == value)),
        _ => Err(of_another_type(node)),
    }
}

fn of_another_type(node: &Node) -> MergeError {
    directive::error("the elements of a list that is merged must be of one type", node.span)
}

/// kyaml's `appendListNode`: brings the object's elements among the merged ones.
pub(super) fn append(
    elements: &Elements,
    merged: &mut Vec<Piece>,
    dest: &[Piece],
    keys: &[Text],
) -> Result<(), MergeError> {
    for &piece in dest {
        let node = elements.get(piece);
        if keys.first().is_some_and(|key| key.is_empty()) {
            set(elements, merged, Some(piece), keys, std::slice::from_ref(text_of(node)))?;
            continue;
        }
        if node.as_mapping().is_none() && !node.is_null() {
            return Err(of_another_type(node));
        }
        let mut values = Vec::with_capacity(keys.len());
        for key in keys {
            match node.get(key) {
                Some(value) => values.push(text_of(value).clone()),
                None => merged.push(piece),
            }
        }
        if keys.len() > 1 {
            set(elements, merged, None, keys, &values)?;
        }
        set(elements, merged, Some(piece), keys, &values)?;
    }
    Ok(())
}

/// The elements that the pieces stand for; one that stands there several times is copied.
pub(super) fn collect(mut elements: Elements, merged: &[Piece]) -> Sequence {
    let is_last = |index: usize| !merged[index + 1..].contains(&merged[index]);
    let node = |(index, piece): (usize, &Piece)| match elements.get_mut(*piece) {
        last if is_last(index) => std::mem::take(last),
        other => other.clone(),
    };
    merged.iter().enumerate().map(node).collect()
}
