use stack_krm::yaml::{Node, Text};

use crate::kyaml::text_of;

/// A name that stands somewhere in an object, and what is said beside it of the object that it means.
pub(super) struct Mention<'n> {
    pub(super) node: &'n Node,
    pub(super) kind: Option<&'n Text>,
    pub(super) namespace: Option<&'n Text>,
    /// Empty where none is said.
    pub(super) group: &'n str,
}

impl<'n> Mention<'n> {
    /// A scalar that is a name, with the map around it, or a map with a name in it.
    pub(super) fn at(node: &'n Node, around: Option<&'n Node>) -> Option<Self> {
        let (name, beside) = if node.as_mapping().is_some() { (node.get("name")?, Some(node)) } else { (node, around) };
        let text = |key| beside.and_then(|map| map.get(key)).map(text_of).filter(|text| !text.is_empty());
        let of_version = text("apiVersion").map(|version| version.split_once('/').map_or("", |(group, _)| group));
        let group = of_version.or_else(|| text("apiGroup").or_else(|| text("group")).map(Text::as_str));
        let group = group.unwrap_or_default();
        let mention = Self { node: name, kind: text("kind"), namespace: text("namespace"), group };
        (!mention.name().is_empty()).then_some(mention)
    }

    pub(super) fn name(&self) -> &'n Text {
        text_of(self.node)
    }
}
