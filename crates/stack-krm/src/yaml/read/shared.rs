use std::collections::BTreeMap;

use stack_source::Span;

use super::compose::Made;
use super::{ReadError, Text};

const NODE: usize = 32;

/// How many short texts are remembered: few for a short text, which would take longer to set up than to read.
fn slots(bytes: usize) -> usize {
    (bytes / 8).next_power_of_two().clamp(16, 1 << 10)
}

/// What several places of a document have in common: anchored nodes with the budget for copies of them, and repeated short texts.
pub(super) struct Shared {
    anchors: BTreeMap<usize, Made>,
    weight: usize,
    left: usize,
    texts: Vec<Option<Text>>,
}

impl Shared {
    pub(super) fn new(budget: usize, bytes: usize) -> Self {
        Self { anchors: BTreeMap::new(), weight: 0, left: budget, texts: vec![None; slots(bytes)] }
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

    pub(super) fn define(&mut self, anchor: usize, made: &Made) -> Result<(), ReadError> {
        if anchor == 0 {
            return Ok(());
        }
        self.spend(made.weight, made.node.span)?;
        self.anchors.insert(anchor, made.clone());
        Ok(())
    }

    pub(super) fn copy(&mut self, anchor: usize, span: Span) -> Result<Made, ReadError> {
        let Some(weight) = self.anchors.get(&anchor).map(|made| made.weight) else {
            return Err(ReadError::new("an alias cannot stand inside the node that it names", span));
        };
        self.spend(weight, span)?;
        self.weight = self.weight.saturating_add(weight);
        Ok(self.anchors.get(&anchor).cloned().unwrap_or_default())
    }

    pub(super) fn spend(&mut self, weight: usize, span: Span) -> Result<(), ReadError> {
        match self.left.checked_sub(weight) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err(ReadError::new("anchors and aliases make this text too large", span)
                .help("write out what the aliases stand for, in files of their own")),
        }
    }

    /// The text; short ones that were met lately are shared instead of allocated anew.
    pub(super) fn text(&mut self, text: &str) -> Text {
        if text.is_empty() {
            return Text::default();
        }
        if text.len() > 24 {
            return text.into();
        }
        let hash = text.bytes().fold(0xcbf2_9ce4_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        let last = self.texts.len() - 1;
        let slot = &mut self.texts[(hash ^ (hash >> 15)) as usize & last];
        match slot {
            Some(known) if known.as_str() == text => known.clone(),
            _ => slot.insert(text.into()).clone(),
        }
    }
}
