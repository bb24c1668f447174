use std::collections::BTreeMap;

use stack_source::Span;

use super::aliases::Aliases;
use super::compose::Made;
use super::{ReadError, refuse};

const NODE: usize = 32;

/// What several places of a document have in common: anchored nodes, with the budget for copies of them.
pub(super) struct Shared<'a> {
    /// Nothing for a node that is not complete.
    anchors: BTreeMap<&'a str, Option<Made>>,
    /// How many maps of the document merge others.
    pub(super) merges: usize,
    /// What aliases of lists and maps stand for, where that is found out later.
    pub(super) deferred: Option<Aliases>,
    weight: usize,
    left: usize,
}

impl<'a> Shared<'a> {
    pub(super) fn new(budget: usize) -> Self {
        Self { anchors: BTreeMap::new(), merges: 0, deferred: None, weight: 0, left: budget }
    }

    /// The weight of all that was read so far; the weight of a node is what was added while it was read.
    pub(super) fn weight(&self) -> usize {
        self.weight
    }

    pub(super) fn count(&mut self, bytes: usize) {
        self.weight = self.weight.saturating_add(NODE + bytes);
    }

    pub(super) fn forget_anchors(&mut self) {
        self.anchors.clear();
    }

    /// Another document begins.
    pub(super) fn begin(&mut self) {
        self.forget_anchors();
        self.merges = 0;
    }

    pub(super) fn is_deferred(&self) -> bool {
        self.deferred.is_some()
    }

    /// A list or a map with an anchor begins.
    pub(super) fn announce(&mut self, anchor: Option<&'a str>) {
        if let Some(anchor) = anchor {
            self.anchors.insert(anchor, None);
        }
    }

    /// Keeps what an anchor names; a node inside of it that was named so takes its place.
    pub(super) fn define(&mut self, anchor: Option<&'a str>, made: &Made) -> Result<(), ReadError> {
        let Some(anchor) = anchor else { return Ok(()) };
        let is_collection = made.height > 0;
        if is_collection && self.anchors.get(anchor).is_some_and(Option::is_some) {
            return Ok(());
        }
        self.spend(made.weight, made.node.span)?;
        self.anchors.insert(anchor, Some(made.clone()));
        Ok(())
    }

    pub(super) fn copy(&mut self, anchor: &str, span: Span) -> Result<Made, ReadError> {
        let made = match self.anchors.get(anchor) {
            Some(Some(made)) => made,
            Some(None) => {
                return Err(ReadError::new("an alias cannot stand inside the node that it names", span));
            }
            None => return Err(refuse::alias(anchor, span)),
        };
        if let Some(aliases) = self.deferred.as_mut().filter(|_| made.height > 0) {
            let height = made.height;
            let node = aliases.stand_for(&made.node, span);
            return Ok(Made { node, height, weight: 0 });
        }
        let (weight, made) = (made.weight, made.clone());
        self.spend(weight, span)?;
        self.weight = self.weight.saturating_add(weight);
        Ok(made)
    }

    pub(super) fn spend(&mut self, weight: usize, span: Span) -> Result<(), ReadError> {
        // What is read for the second time has been paid for.
        if self.is_deferred() {
            return Ok(());
        }
        match self.left.checked_sub(weight) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err(ReadError::new("anchors and aliases make this text too large", span)
                .help("write out what the aliases stand for, in files of their own")),
        }
    }
}
