//! Maps, which are merged key by key.

use std::collections::BTreeSet;

use stack_krm::yaml::{Entry, Key, Mapping, Node, Text, Value};

use super::directive::{Directive, error, of_map, without_directive};
use super::oddity::{Odd, Oddity};
use super::written::Written;
use super::{MergeError, Merger, Patch, Shape};
use crate::id_map::{FEW, IdMap};
use crate::kyaml::in_quotes;

impl<'s> Merger<'s> {
    /// The value of a key, with the shape that a comment gives it, else its own.
    fn field(
        &mut self,
        key: &Text,
        dest: Option<Node>,
        patch: Patch<'_>,
        shape: Shape<'s>,
    ) -> Result<Option<Node>, MergeError> {
        if self.comments.is_empty() {
            return self.value(dest, patch, shape.field(key));
        }
        self.path.push(key.clone());
        let said = self.comments.iter().find_map(|comments| comments.shape(&self.path));
        let value = self.value(dest, patch, said.unwrap_or_else(|| shape.field(key)));
        self.path.pop();
        value
    }

    pub(super) fn map(
        &mut self,
        dest: Option<Node>,
        patch: Patch<'_>,
        shape: Shape<'s>,
    ) -> Result<Option<Node>, MergeError> {
        let dest = match dest {
            Some(Node { value: Value::Mapping(map), span }) => (map, span),
            missing => return self.new_map(missing, patch, shape),
        };
        let (mut map, span) = dest;
        let flow = map.flow;
        let mut merged = match patch {
            Patch::Absent => self.fields(map, Patch::Absent, shape)?,
            Patch::Same => match of_map(&map)? {
                Some(Directive::Delete) => return Ok(None),
                Some(_) => {
                    without_directive(&mut map);
                    self.fields(map, Patch::Same, shape)?
                }
                None => self.fields(map, Patch::Same, shape)?,
            },
            Patch::Given(node) => {
                // A map that the patch sets to null goes.
                let Value::Mapping(given) = &node.value else { return Ok(None) };
                match of_map(given)? {
                    Some(Directive::Delete) => return Ok(None),
                    Some(Directive::Replace) => {
                        let mut map = given.clone();
                        without_directive(&mut map);
                        self.replacing(|merger| merger.fields(map, Patch::Same, shape))?
                    }
                    Some(Directive::Merge) => {
                        let mut given = given.clone();
                        without_directive(&mut given);
                        let given = Node { value: Value::Mapping(given), ..*node };
                        self.fields(map, Patch::Given(&given), shape)?
                    }
                    None => self.fields(map, Patch::Given(node), shape)?,
                }
            }
        };
        merged.flow = flow;
        Ok(Some(Node { value: Value::Mapping(merged), span }))
    }

    /// A map, or nothing, where the object has null or nothing.
    fn new_map(&mut self, dest: Option<Node>, patch: Patch<'_>, shape: Shape<'s>) -> Result<Option<Node>, MergeError> {
        match patch {
            // `key: null` stays, `key:` goes: kustomize holds on to a null by its text.
            Patch::Absent => Ok(dest.filter(|node| node.as_scalar().is_some_and(|scalar| !scalar.text.is_empty()))),
            Patch::Same => Ok(None),
            Patch::Given(node) => {
                let Value::Mapping(given) = &node.value else { return Ok(None) };
                let mut map = given.clone();
                // Here kustomize overlooks a directive that it does not know.
                match of_map(&map) {
                    Ok(Some(Directive::Delete)) => {
                        self.oddities.push(Oddity { what: Odd::NothingToDelete, span: node.span });
                        return Ok(None);
                    }
                    Ok(Some(_)) => without_directive(&mut map),
                    Ok(None) | Err(_) => {}
                }
                let map = self.fields(map, Patch::Same, shape)?;
                Ok(Some(Node { value: Value::Mapping(map), ..*node }))
            }
        }
    }

    fn fields(&mut self, mut map: Mapping, patch: Patch<'_>, shape: Shape<'s>) -> Result<Mapping, MergeError> {
        let given = match patch {
            Patch::Given(node) => node.as_mapping(),
            Patch::Same => None,
            Patch::Absent => return self.fields_alone(map, shape),
        };
        let given = given.map_or(&[][..], |given| &given.entries);
        let mut is_met = vec![false; given.len()];
        // Of equal keys the first one counts.
        let places = (given.len() > FEW).then(|| {
            let places = given.iter().enumerate().rev().map(|(place, entry)| (entry.key.as_str(), place));
            places.collect::<IdMap<_, _>>()
        });
        let place_of = |key: &str| match &places {
            Some(places) => places.get(key).copied(),
            None => given.iter().position(|entry| entry.key.as_str() == key),
        };
        let again = if matches!(patch, Patch::Same) { again(&map) } else { Vec::new() };
        revise(&mut map, |index, key, old| {
            if again.binary_search(&index).is_ok() {
                return Ok(Some(old));
            }
            let beside = match (patch, place_of(key.as_str())) {
                (Patch::Same, _) => Patch::Same,
                (_, Some(place)) => {
                    is_met[place] = true;
                    let Entry { key: given_key, value } = &given[place];
                    self.notice_added(&key.scalar.text, &old, value, shape);
                    if value.is_null() {
                        self.notice_emptied(given_key, &old, value, given);
                    }
                    Patch::Given(value)
                }
                (_, None) => Patch::Absent,
            };
            if matches!(patch, Patch::Same) {
                self.notice(key);
            }
            let is_patched = matches!(beside, Patch::Given(_));
            let written = Written::of(&old, beside);
            let stays_null = old.is_null() && matches!(beside, Patch::Absent);
            if old.is_null() && matches!(beside, Patch::Same) {
                self.notice_null(key, &old, &[]);
            }
            let new = self.field(&key.scalar.text, Some(old), beside, shape)?;
            let new = new.filter(|new| stays_null || !new.is_null());
            Ok(new.map(|new| if is_patched { written.again(new) } else { in_quotes(new) }))
        })?;
        let there = map.len();
        for (index, entry) in given.iter().enumerate().filter(|(index, _)| !is_met[*index]) {
            check(&entry.key)?;
            if place_of(entry.key.as_str()) != Some(index) {
                continue;
            }
            if entry.value.is_null() {
                self.notice_null(&entry.key, &entry.value, &map.entries[..there]);
                continue;
            }
            self.notice(&entry.key);
            if let Some(value) = self.field(&entry.key.scalar.text, None, Patch::Given(&entry.value), shape)? {
                map.entries.push(Entry { key: entry.key.clone(), value: in_quotes(value) });
            }
        }
        Ok(map)
    }

    /// The fields of a map of which the patch says nothing, which are most of an object.
    fn fields_alone(&mut self, mut map: Mapping, shape: Shape<'s>) -> Result<Mapping, MergeError> {
        revise(&mut map, |_, key, old| {
            let stays_null = old.is_null();
            let new = self.field(&key.scalar.text, Some(old), Patch::Absent, shape)?;
            Ok(new.filter(|new| stays_null || !new.is_null()).map(in_quotes))
        })?;
        Ok(map)
    }
}

/// An error for an empty key: kustomize takes it for the text of a scalar, and finds none in a map.
fn check(key: &Key) -> Result<(), MergeError> {
    if !key.as_str().is_empty() {
        return Ok(());
    }
    Err(error("a map with an empty key cannot be patched: give the key a name, or take it out", key.span))
}

/// Puts another value in the place of each, or takes the entry out.
fn revise<F>(map: &mut Mapping, mut value: F) -> Result<(), MergeError>
where
    F: FnMut(usize, &Key, Node) -> Result<Option<Node>, MergeError>,
{
    let mut places = 0..;
    let mut fault = None;
    map.entries.retain_mut(|entry| {
        let Some(place) = places.next().filter(|_| fault.is_none()) else { return true };
        let new = check(&entry.key).and_then(|()| value(place, &entry.key, std::mem::take(&mut entry.value)));
        match new {
            Ok(Some(new)) => {
                entry.value = new;
                true
            }
            Ok(None) => false,
            Err(error) => {
                fault = Some(error);
                true
            }
        }
    });
    fault.map_or(Ok(()), Err)
}

/// The entries whose key stands before: kustomize finds the first one, and these stay as they are.
fn again(map: &Mapping) -> Vec<usize> {
    let mut keys = BTreeSet::new();
    let keys = map.entries.iter().map(|entry| keys.insert(entry.key.as_str()));
    keys.enumerate().filter(|(_, is_first)| !is_first).map(|(index, _)| index).collect()
}
