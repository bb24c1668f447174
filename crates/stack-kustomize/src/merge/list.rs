//! Lists whose elements are merged by keys.
//!
//! The steps, and the order in which they see and change the lists, are kustomize's. They matter where keys are missing or stand
//! twice: then elements get lost, doubled or moved, and they must do so here too.

use indexmap::IndexSet;
use stack_krm::yaml::{Entry, Node, Sequence, Text, Value};
use stack_source::{Span, listed};

use super::directive::{self, Directive, of_list, replaces};
use super::pieces::{Elements, Piece, append, collect, has, is_empty, set};
use super::told_apart::{are_told_apart, texts};
use super::{MergeError, Merger, Patch, Shape};
use crate::kyaml::{plain_key, set_text, text_of};

/// How many elements are merged step by step, which takes the square of that: [`told_apart`](super::told_apart) merges any number.
const MOST: usize = 2_000;

impl<'s> Merger<'s> {
    pub(super) fn list(
        &mut self,
        dest: Option<Node>,
        patch: Patch<'_>,
        shape: Shape<'s>,
    ) -> Result<Option<Node>, MergeError> {
        let Some(keys) = shape.keys() else {
            return Ok(match patch {
                Patch::Given(node) => {
                    if let Some(dest) = &dest {
                        self.notice_replaced(dest, node);
                    }
                    Some(node.clone())
                }
                Patch::Absent | Patch::Same => dest,
            });
        };
        let Some(Node { value: Value::Sequence(old), span }) = dest else {
            // The object has none: the patch's list, merged with itself, directives of the list unseen.
            let Patch::Given(node) = patch else { return Ok(None) };
            let new = node.as_sequence().unwrap_or_default().iter().cloned().collect();
            return self
                .elements(new, Patch::Same, keys, shape)
                .map(|list| Some(as_written(list, node.is_flow(), node.span)));
        };
        let flow = old.flow;
        let list = match patch {
            Patch::Absent => self.elements(old, patch, keys, shape)?,
            Patch::Same => match of_list(&old)? {
                Some(Directive::Delete) => return Ok(None),
                Some(found) => self.elements(directive::elements(&old, found), patch, keys, shape)?,
                None => self.elements(old, patch, keys, shape)?,
            },
            Patch::Given(node) => {
                let Some(given) = node.as_sequence() else { return Ok(None) };
                match of_list(given)? {
                    Some(Directive::Delete) => return Ok(None),
                    Some(Directive::Replace) => {
                        let new = directive::elements(given, Directive::Replace);
                        self.replacing(|merger| merger.elements(new, Patch::Same, keys, shape))?
                    }
                    Some(Directive::Merge) => {
                        let given = Node::sequence(directive::elements(given, Directive::Merge));
                        self.elements(old, Patch::Given(&given), keys, shape)?
                    }
                    None => self.elements(old, patch, keys, shape)?,
                }
            }
        };
        Ok(Some(as_written(list, flow, span)))
    }

    fn elements(
        &mut self,
        old: Sequence,
        patch: Patch<'_>,
        keys: &[Text],
        shape: Shape<'s>,
    ) -> Result<Sequence, MergeError> {
        let given = match patch {
            Patch::Given(node) => node.as_sequence().unwrap_or_default(),
            Patch::Absent | Patch::Same => &[],
        };
        if are_told_apart(&old, (patch, given), keys) {
            return self.side_by_side(old, (patch, given), keys, shape.element());
        }
        self.step_by_step(old, (patch, given), keys, shape.element())
    }

    pub(super) fn step_by_step(
        &mut self,
        old: Sequence,
        (patch, given): (Patch<'_>, &[Node]),
        keys: &[Text],
        shape: Shape<'s>,
    ) -> Result<Sequence, MergeError> {
        let mut wanted: IndexSet<Vec<Text>> = IndexSet::with_capacity(given.len() + old.len());
        let is_set = keys.is_empty();
        let from_patch = if matches!(patch, Patch::Same) { old.len() } else { given.len() };
        for (index, element) in given.iter().chain(&old).enumerate() {
            let values = if is_set { vec![text_of(element).clone()] } else { texts(element, keys).cloned().collect() };
            let is_new = wanted.insert(values);
            if !is_new && index < from_patch && !is_set {
                self.notice_repeated(element, keys);
            }
        }
        if wanted.is_empty() {
            return Ok(old);
        }
        if given.len() + old.len() > MOST {
            let message = format!(
                "more than {MOST} elements are to be merged: give each the same ones of {}, and no two the same values there",
                listed(keys.iter().map(Text::as_str))
            );
            let span = match patch {
                Patch::Given(node) => node.span,
                Patch::Absent | Patch::Same => old.first().map_or_else(Span::default, |node| node.span),
            };
            return Err(MergeError { message, span });
        }
        let keys: Vec<Text> = if is_set { vec![Text::default()] } else { keys.to_vec() };
        let mut wanted: Vec<Vec<Text>> = wanted.into_iter().collect();
        if keys.len() > 1 {
            unify(&mut wanted);
        }
        self.assemble(old, (patch, given), (&keys, &wanted), shape)
    }

    fn assemble(
        &mut self,
        old: Sequence,
        (patch, given): (Patch<'_>, &[Node]),
        (keys, wanted): (&[Text], &[Vec<Text>]),
        shape: Shape<'s>,
    ) -> Result<Sequence, MergeError> {
        let mut dest: Vec<Piece> = (0..old.len()).map(Piece::Old).collect();
        let mut elements = Elements { old, new: Sequence::default() };
        let mut merged: Vec<Piece> = Vec::new();
        let mut used = vec![false; given.len()];
        let old_texts: Vec<Text> = match keys.first() {
            Some(key) if !given.is_empty() => {
                elements.old.iter().filter_map(|node| node.get(key)).map(text_of).cloned().collect()
            }
            _ => Vec::new(),
        };
        let valid: Vec<usize> = used_keys(wanted, keys.len());
        let valid_keys: Vec<Text> = valid.iter().map(|index| keys[*index].clone()).collect();
        for values in wanted {
            let valid_values: Vec<Text> = valid.iter().map(|index| values[*index].clone()).collect();
            let own = used_keys(std::slice::from_ref(&valid_values), valid_keys.len());
            let is_it = |node: &Node| own.iter().all(|index| has(node, &valid_keys[*index], &valid_values[*index]));
            let place = dest.iter().copied().find(|piece| is_it(elements.get(*piece)));
            let beside = given.iter().position(is_it);
            // Kustomize takes a directive out where it reads it: what is found by the same keys once more has none.
            let again = beside.filter(|index| used[*index]).map(|index| directive::taken_out(&given[index]));
            if let Some(index) = beside {
                used[index] = true;
            }
            let beside = match (patch, &again, beside) {
                (Patch::Same, ..) => Patch::Same,
                (_, Some(given), _) => Patch::Given(given),
                (_, None, Some(index)) => Patch::Given(&given[index]),
                (_, None, None) => Patch::Absent,
            };
            let piece = self.element(&mut elements, place, beside, shape)?;
            let piece = piece.filter(|piece| !is_empty(elements.get(*piece)));
            let Some(piece) = piece else {
                set(&elements, &mut dest, None, &valid_keys, &valid_values)?;
                continue;
            };
            for (key, value) in valid_keys.iter().zip(&valid_values) {
                complete(elements.get_mut(piece), key, value);
            }
            set(&elements, &mut merged, Some(piece), &valid_keys, &valid_values)?;
        }
        append(&elements, &mut merged, &dest, &valid_keys)?;
        let merged = collect(elements, &merged);
        if let Some(key) = keys.first() {
            self.notice_lost((given, &used), &old_texts, key, &merged);
        }
        Ok(merged)
    }

    /// Merges one element; nothing where it is gone. What replaces an element stands beside it, and the old one stays.
    fn element(
        &mut self,
        elements: &mut Elements,
        place: Option<Piece>,
        patch: Patch<'_>,
        shape: Shape<'s>,
    ) -> Result<Option<Piece>, MergeError> {
        // An element that is surely there afterwards need not be kept until then.
        let old = place.map(|piece| match elements.get_mut(piece) {
            old if stays(old, patch) => std::mem::take(old),
            old => old.clone(),
        });
        let is_new = match patch {
            Patch::Given(node) => old.is_none() || node.as_scalar().is_some() || replaces(node),
            Patch::Absent | Patch::Same => false,
        };
        let Some(node) = self.value(old, patch, shape)? else {
            // Kustomize has taken the directive out to read it, and the element may stay for want of a key.
            if let (Some(piece), Patch::Same) = (place, patch) {
                *elements.get_mut(piece) = directive::taken_out(elements.get(piece));
            }
            return Ok(None);
        };
        match place {
            Some(piece) if !is_new => {
                *elements.get_mut(piece) = node;
                Ok(Some(piece))
            }
            _ => {
                elements.new.push(node);
                Ok(Some(Piece::New(elements.new.len() - 1)))
            }
        }
    }
}

fn as_written(mut list: Sequence, flow: bool, span: Span) -> Node {
    list.flow = flow;
    Node { span, ..Value::Sequence(list).into() }
}

/// Whether a map is surely merged in its place: neither it nor its patch says that it goes or is replaced.
fn stays(element: &Node, patch: Patch<'_>) -> bool {
    let is_plain = |node: &Node| node.as_mapping().is_some_and(|map| !directive::is_in(map));
    match patch {
        Patch::Given(given) => is_plain(element) && is_plain(given),
        Patch::Absent | Patch::Same => is_plain(element),
    }
}

/// The keys that some element has; all of them where none has any.
fn used_keys(wanted: &[Vec<Text>], count: usize) -> Vec<usize> {
    let is_used = |index: &usize| wanted.iter().any(|values| !values[*index].is_empty());
    let used: Vec<usize> = (0..count).filter(is_used).collect();
    if used.is_empty() { (0..count).collect() } else { used }
}

/// Takes elements for one where the keys that both have are equal and they share one.
fn unify(wanted: &mut [Vec<Text>]) {
    for first in 0..wanted.len() {
        // What it is at first is compared with all, whatever it becomes on the way.
        let values = wanted[first].clone();
        for second in 0..wanted.len() {
            if let Some(values) = common(&values, &wanted[second]) {
                wanted[first].clone_from(&values);
                wanted[second] = values;
            }
        }
    }
}

fn common(first: &[Text], second: &[Text]) -> Option<Vec<Text>> {
    let mut shares = false;
    let mut values = Vec::with_capacity(first.len());
    for (one, other) in first.iter().zip(second) {
        shares |= one == other;
        if one != other && !one.is_empty() && !other.is_empty() {
            return None;
        }
        values.push(if one.is_empty() { other.clone() } else { one.clone() });
    }
    shares.then_some(values)
}

/// Gives an element a key that it was found by and does not have.
fn complete(element: &mut Node, key: &Text, value: &Text) {
    if value.is_empty() {
        return;
    }
    match &mut element.value {
        Value::Mapping(map) if map.get(key).is_none() => {
            let value = Value::Scalar(stack_krm::yaml::Scalar::plain(value.clone())).into();
            map.entries.push(Entry { key: plain_key(key), value });
        }
        Value::Scalar(_) if key.is_empty() => set_text(element, value),
        _ => {}
    }
}
