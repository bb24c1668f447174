//! `$patch`: what a patch may say about itself.

use stack_krm::yaml::{Mapping, Node, Sequence};
use stack_source::Span;

use super::MergeError;
use crate::kyaml::text_of;

const KEY: &str = "$patch";

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Directive {
    Delete,
    Replace,
    Merge,
}

impl Directive {
    fn of(node: &Node) -> Result<Self, MergeError> {
        match text_of(node).as_str() {
            "delete" => Ok(Self::Delete),
            "replace" => Ok(Self::Replace),
            "merge" => Ok(Self::Merge),
            other => {
                let message = format!("`$patch: {other}` is no directive: it may be `delete`, `replace` or `merge`");
                Err(MergeError { message, span: node.span })
            }
        }
    }
}

/// The directive of a map.
pub(super) fn of_map(map: &Mapping) -> Result<Option<Directive>, MergeError> {
    map.get(KEY).map(Directive::of).transpose()
}

pub(super) fn is_in(map: &Mapping) -> bool {
    map.get(KEY).is_some()
}

/// Takes the directive out; a second one is a field to kustomize.
pub(super) fn without_directive(map: &mut Mapping) {
    map.remove(KEY);
}

/// A node without its directive.
pub(super) fn taken_out(node: &Node) -> Node {
    let mut node = node.clone();
    if let Some(map) = node.as_mapping_mut().filter(|map| matches!(of_map(map), Ok(Some(_)))) {
        without_directive(map);
    }
    node
}

/// The directive of a list: of its first element that has one, if that has nothing else.
pub(super) fn of_list(list: &[Node]) -> Result<Option<Directive>, MergeError> {
    let first = list.iter().filter_map(Node::as_mapping).find(|map| map.get(KEY).is_some());
    match first {
        Some(map) if map.len() == 1 => of_map(map),
        _ => Ok(None),
    }
}

/// The elements of a list without those that are its directive. Empty elements go with them.
pub(super) fn elements(list: &[Node], directive: Directive) -> Sequence {
    let is_directive =
        |map: &Mapping| map.get(KEY).is_some_and(|node| Directive::of(node).is_ok_and(|found| found == directive));
    let stays = |node: &&Node| match node.as_mapping() {
        Some(map) => !map.is_empty() && !is_directive(map),
        None => !node.is_null(),
    };
    list.iter().filter(stays).cloned().collect()
}

/// Whether an element of a list is there to replace another.
pub(super) fn replaces(element: &Node) -> bool {
    let directive = element.as_mapping().map(of_map);
    matches!(directive, Some(Ok(Some(Directive::Replace))))
}

/// An error about something in a list.
pub(super) fn error(message: &str, span: Span) -> MergeError {
    MergeError { message: message.to_owned(), span }
}
