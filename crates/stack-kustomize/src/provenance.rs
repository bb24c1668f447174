//! Where an object came from, as `buildMetadata` prints it.

use std::sync::Arc;

use stack_krm::yaml::{Dialect, Node, PrintOptions, Text, print};
use stack_source::{Diagnostic, proposal};
use thin_vec::ThinVec;

use crate::error::Result;
use crate::item::Item;
use crate::layer::{Layer, Session};
use crate::rules::INVALID_OBJECT;

/// Where an object came from and what changed it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Provenance {
    pub(crate) origin: Option<Arc<Origin>>,
    pub(crate) transformations: ThinVec<Arc<Origin>>,
}

/// What `buildMetadata` may ask for.
pub(crate) const OPTIONS: [&str; 3] = ["originAnnotations", "transformerAnnotations", "managedByLabel"];

/// Says what nobody asks for: kustomize looks only whether a word that it knows is there.
pub(crate) fn warn_of_unknown(layer: &Layer<'_>, session: &mut Session) {
    let options = layer.kustomization().build_metadata.iter().enumerate();
    for (index, option) in options.filter(|(_, option)| !OPTIONS.contains(&option.as_str())) {
        let message = format!("kustomize does not know `{option}` in `buildMetadata`");
        let at = layer.file.entry("buildMetadata", index);
        session.no_effect(message, &at, &proposal(option, OPTIONS).unwrap_or_default());
    }
}

/// A file that was loaded, or a plugin and the file that configures it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    File { path: Text },
    Plugin { configured_in: Text, api_version: Text, kind: Text, name: Text, namespace: Text },
}

impl Origin {
    /// A built-in plugin that a field of a kustomization configures.
    pub(crate) fn builtin(configured_in: Text, kind: &'static str) -> Self {
        Self::Plugin {
            configured_in,
            api_version: Text::from("builtin"),
            kind: Text::from(kind),
            name: Text::default(),
            namespace: Text::default(),
        }
    }

    /// The text of the annotation.
    pub(crate) fn to_yaml(&self) -> String {
        as_kustomize(&self.to_node())
    }

    fn to_node(&self) -> Node {
        let string = |text: &Text| Node::string(text.clone());
        match self {
            Self::File { path } => Node::mapping([("path", string(path))]),
            Self::Plugin { configured_in, api_version, kind, name, namespace } => {
                let by = [("apiVersion", api_version), ("kind", kind), ("name", name), ("namespace", namespace)];
                let by = by.into_iter().filter(|(_, text)| !text.is_empty());
                let by = Node::mapping(by.map(|(key, text)| (key, string(text))));
                Node::mapping([("configuredIn", string(configured_in)), ("configuredBy", by)])
            }
        }
    }
}

/// The text of the annotation that lists transformations.
pub(crate) fn list(origins: &[Arc<Origin>]) -> String {
    as_kustomize(&Node::sequence(origins.iter().map(|origin| origin.to_node())))
}

fn as_kustomize(node: &Node) -> String {
    const OPTIONS: PrintOptions = PrintOptions { sorted: false, width: None, dialect: Dialect::Kustomize };
    let mut text = String::new();
    // Texts in a few maps have a form in YAML.
    let _ = print(node, &OPTIONS, &mut text);
    text
}

/// Origins are written into annotations, which must be a map then.
pub(crate) fn check_annotations(item: &Item) -> Result<()> {
    match item.node.at(["metadata", "annotations"]) {
        Some(node) if node.as_mapping().is_none() && !node.is_null() => {
            let message = format!("the annotations of `{}` are {}, and origins belong there", item.id, node.kind());
            let diagnostic = Diagnostic::new(&INVALID_OBJECT, message).at(item.place_of(node.span));
            Err(diagnostic.help("write `key: value`").into())
        }
        _ => Ok(()),
    }
}
