//! From the text of a file to objects.

use stack_krm::yaml::{Document, Limits, Node, Tag, Value, read};
use stack_source::{Diagnostic, Locus, Span, TreePath};

use crate::error::Result;
use crate::item::{Item, text_of};
use crate::rules::{INVALID_OBJECT, INVALID_YAML};

/// Where a text stands: a file of its own, or a field of a kustomization.
#[derive(Clone, Debug)]
pub(crate) enum Source<'a> {
    File(&'a TreePath),
    Field(&'a Locus),
}

impl Source<'_> {
    /// The place of something in the text.
    pub(crate) fn at(&self, span: Span) -> Locus {
        match self {
            Self::File(path) => Locus::in_file((*path).clone(), span),
            Self::Field(at) => (*at).clone(),
        }
    }
}

/// The documents of a text, empty ones left out.
pub(crate) fn documents(text: &str, source: &Source<'_>) -> Result<Vec<Node>> {
    let documents = read(text, &Limits::default())
        .map_err(|error| Diagnostic::new(&INVALID_YAML, error.message).at(source.at(error.span)))?;
    Ok(documents.into_iter().map(|document: Document| document.root).filter(|root| !root.is_null()).collect())
}

/// The objects of a text: lists are opened, empty documents left out.
pub(crate) fn objects(text: &str, source: &Source<'_>) -> Result<Vec<Item>> {
    let mut nodes = documents(text, source)?;
    if let [only] = nodes.as_mut_slice()
        && matches!(kind(only), "List" | "ResourceList")
        && let Some(items) = only.get_mut("items")
    {
        nodes = std::mem::take(items.as_sequence_mut().unwrap_or(&mut Vec::new()));
    }
    check(&mut nodes, source)?;
    let mut objects = Vec::with_capacity(nodes.len());
    // Lists are opened behind everything else of the file, lists in them behind those.
    let mut queue = std::collections::VecDeque::from(nodes);
    while let Some(mut node) = queue.pop_front() {
        let is_list = kind(&node).ends_with("List");
        let Some(items) = node.get_mut("items").filter(|_| is_list) else {
            let at = source.at(node.span);
            let mut item = Item::new(node, at);
            item.adopt();
            objects.push(item);
            continue;
        };
        let mut inner = match &mut items.value {
            Value::Sequence(items) => std::mem::take(items),
            Value::Scalar(scalar) if scalar.tag == Tag::Null => Vec::new(),
            _ => {
                let message = format!("expected a list of objects under `items`, found {}", items.kind());
                return Err(Diagnostic::new(&INVALID_OBJECT, message).at(source.at(items.span)).into());
            }
        };
        check(&mut inner, source)?;
        queue.extend(inner);
    }
    Ok(objects)
}

fn kind(node: &Node) -> &str {
    node.get("kind").map_or("", |kind| text_of(kind))
}

/// Lets go of empty nodes, and checks that the others are objects.
fn check(nodes: &mut Vec<Node>, source: &Source<'_>) -> Result<()> {
    nodes.retain(|node| !is_empty(node));
    for node in nodes {
        let name = node.at(["metadata", "name"]).filter(|name| !name.is_null()).map_or("", |name| text_of(name));
        let complaint = if node.as_mapping().is_none() {
            Some(format!("expected an object, found {}", node.kind()))
        } else if kind(node).is_empty() {
            Some("the object has no `kind`".to_owned())
        } else if name.is_empty() && !kind(node).ends_with("List") {
            Some(format!("the {} has no `metadata.name`", kind(node)))
        } else {
            None
        };
        if let Some(message) = complaint {
            return Err(Diagnostic::new(&INVALID_OBJECT, message).at(source.at(node.span)).into());
        }
        if let Some(span) = null_in_list(node) {
            let message = "a list has an empty item";
            let help = "write the item, or take its dash away";
            return Err(Diagnostic::new(&INVALID_OBJECT, message).at(source.at(span)).help(help).into());
        }
    }
    Ok(())
}

fn is_empty(node: &Node) -> bool {
    match &node.value {
        Value::Mapping(map) => map.is_empty(),
        Value::Sequence(list) => list.is_empty(),
        Value::Scalar(scalar) => node.is_null() || scalar.text.is_empty(),
    }
}

fn null_in_list(node: &Node) -> Option<Span> {
    match &node.value {
        Value::Scalar(_) => None,
        Value::Mapping(map) => map.entries.iter().find_map(|entry| null_in_list(&entry.value)),
        Value::Sequence(list) => {
            list.iter().find_map(|node| if node.is_null() { Some(node.span) } else { null_in_list(node) })
        }
    }
}
