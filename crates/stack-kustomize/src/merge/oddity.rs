//! What kustomize takes without a word and without the effect that an author expects.

use stack_krm::yaml::{Entry, Key, Node, Text};
use stack_source::Span;

use super::Merger;
use crate::near::near_key;

/// Something in a patch that kustomize takes without a word and without the effect that an author expects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Oddity {
    /// What happens.
    pub(crate) what: Odd,
    /// Where in the patch.
    pub(crate) span: Span,
}

/// What happens to a part of a patch.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub(crate) enum Odd {
    /// The element of a list is lost: its keys match no element as kustomize matches them.
    ElementLost {
        /// The key that it does not have.
        lacks: Option<Text>,
        /// Some of the object's elements, by that key, which the patch does not name.
        others: Vec<Text>,
        /// How many of those are lost with it.
        lost: usize,
    },
    /// An element of a patch has the keys of another, and one of them is lost.
    ElementRepeated {
        /// The key.
        key: Text,
        /// What both have there.
        value: Text,
    },
    /// A key without a value takes away what the object has there.
    Emptied {
        /// The field.
        field: Text,
        /// How many fields or elements go.
        parts: usize,
        /// A field of it that stands beside.
        outside: Option<Text>,
    },
    /// The directive is none to kustomize, and ends up in the object.
    PrintedDirective,
    /// `$patch: delete` for what is not there.
    NothingToDelete,
    /// `field: null` for a field that is not there.
    NothingToUnset {
        /// The field.
        field: Text,
        /// The field that is there and may be meant.
        near: Option<Text>,
    },
    /// An element is added that has not what a new one must have, and another is called nearly so.
    ElementAdded {
        /// What it is, in a word.
        element: &'static str,
        /// What it is called.
        name: Text,
        /// The one that is there and may be meant.
        near: Text,
        /// The field that it does not have; nothing where it has none but its name.
        lacks: Option<&'static str>,
    },
    /// `$patch: replace` for a whole object, which kustomize reads and forgets.
    WholeReplaced,
    /// The list takes the place of the object's, for kustomize knows no key to merge them by, and something of that is lost.
    ListReplaced {
        /// The field by which the elements are told apart.
        key: &'static str,
        /// The elements that the patch does not repeat, by that field.
        elements: Vec<Text>,
        /// The first three of what the patch leaves out of elements that it does repeat: the element, and the path to the field.
        fields: Vec<(Text, String)>,
        /// How many fields those are in all.
        left_out: usize,
    },
}

impl Merger<'_> {
    /// Whether what may be meant is still looked for: nobody reads that of hundreds.
    pub(super) fn asks(&self) -> bool {
        self.oddities.len() < 100
    }

    /// Notes a key that is a directive elsewhere.
    pub(super) fn notice(&mut self, key: &Key) {
        const DIRECTIVES: [&str; 3] = ["$setElementOrder/", "$retainKeys", "$deleteFromPrimitiveList/"];
        if DIRECTIVES.iter().any(|directive| key.as_str().starts_with(directive)) {
            self.oddities.push(Oddity { what: Odd::PrintedDirective, span: key.span });
        }
    }

    /// Notes a null for a field that is not there, beside those that are.
    pub(super) fn notice_null(&mut self, key: &Key, null: &Node, there: &[Entry]) {
        // Programs that print objects write this one, and nobody means anything by it.
        if self.replaces || key.as_str() == "creationTimestamp" {
            return;
        }
        let near = if self.asks() { near_key(key.as_str(), there).map(Text::from) } else { None };
        let span = if null.span.start < null.span.end { null.span } else { key.span };
        self.oddities.push(Oddity { what: Odd::NothingToUnset { field: key.scalar.text.clone(), near }, span });
    }
}
