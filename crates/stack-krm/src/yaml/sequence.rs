use std::ops::{Deref, DerefMut};

use thin_vec::ThinVec;

use super::Node;

/// A list in the order of its file. It is used as the list of its nodes.
#[derive(Clone, Debug, Default)]
pub struct Sequence {
    pub(super) nodes: ThinVec<Node>,
    /// Whether it was written in brackets.
    pub flow: bool,
}

impl PartialEq for Sequence {
    fn eq(&self, other: &Self) -> bool {
        self.nodes == other.nodes
    }
}

impl Eq for Sequence {}

impl Sequence {
    /// A list without elements, and with room for so many.
    pub fn with_capacity(count: usize) -> Self {
        Self { nodes: ThinVec::with_capacity(count), flow: false }
    }
}

impl Deref for Sequence {
    type Target = ThinVec<Node>;

    fn deref(&self) -> &ThinVec<Node> {
        &self.nodes
    }
}

impl DerefMut for Sequence {
    fn deref_mut(&mut self) -> &mut ThinVec<Node> {
        &mut self.nodes
    }
}

impl FromIterator<Node> for Sequence {
    fn from_iter<I: IntoIterator<Item = Node>>(nodes: I) -> Self {
        Self { nodes: exactly(nodes.into_iter()), flow: false }
    }
}

impl<'a> IntoIterator for &'a Sequence {
    type Item = &'a Node;
    type IntoIter = std::slice::Iter<'a, Node>;

    fn into_iter(self) -> Self::IntoIter {
        self.nodes.iter()
    }
}

impl IntoIterator for Sequence {
    type Item = Node;
    type IntoIter = thin_vec::IntoIter<Node>;

    fn into_iter(self) -> Self::IntoIter {
        self.nodes.into_iter()
    }
}

/// A list with no more room than it needs, as far as that is known ahead: most of them never grow.
pub(super) fn exactly<T>(elements: impl Iterator<Item = T>) -> ThinVec<T> {
    let mut list = ThinVec::with_capacity(elements.size_hint().0);
    list.extend(elements);
    list
}
