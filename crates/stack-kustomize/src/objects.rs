//! From documents to objects.

use std::collections::VecDeque;

use stack_krm::Gvk;
use stack_krm::yaml::{Canonical, Node, Scalar, Sequence, Style, Tag, Value, canonical};
use stack_source::{Diagnostic, Span, TreePath};

use crate::documents::{Counts, Documents, Source, each_document};
use crate::error::{BuildError, Result};
use crate::item::Item;
use crate::kustomization::FILE_NAMES;
use crate::kyaml::text_of;
use crate::layer::Session;
use crate::merge::Commented;
use crate::near::{near_key, spaced};
use crate::rules::{INCOMPLETE, INVALID_OBJECT};

/// The objects of a text: lists are opened, empty documents left out.
pub(crate) fn objects(text: &str, source: &Source<'_>, session: &mut Session) -> Result<Vec<Item>> {
    let mut objects = Objects::new(text, source);
    // Each document becomes an object as soon as it is read: in a large file, it is far away in memory later.
    each_document(text, Counts::First, source, session, |root, is_undivided| objects.take(root, is_undivided))?;
    objects.finish()
}

/// The objects of the documents of a text.
pub(crate) fn objects_of(documents: Documents, text: &str, source: &Source<'_>) -> Result<Vec<Item>> {
    let mut objects = Objects::new(text, source);
    documents.roots.into_iter().for_each(|root| objects.take(root, documents.is_undivided));
    objects.finish()
}

/// The objects of a text, as far as it was read.
struct Objects<'a> {
    source: &'a Source<'a>,
    length: usize,
    /// The text, where schemas may stand in it.
    commented: Option<Commented<'a>>,
    items: Vec<Item>,
    /// Lists are opened behind everything else of the text, lists in them behind those.
    lists: VecDeque<Node>,
    /// The first thing that is no object. A text that is no YAML is refused for that.
    fault: Option<BuildError>,
}

impl<'a> Objects<'a> {
    fn new(text: &'a str, source: &'a Source<'a>) -> Self {
        let commented = Commented::new(text);
        Self { source, length: text.len(), commented, items: Vec::new(), lists: VecDeque::new(), fault: None }
    }

    /// Takes in a document.
    fn take(&mut self, mut root: Node, is_undivided: bool) {
        let is_opened = is_undivided && matches!(kind(&root), "List" | "ResourceList");
        match root.get_mut("items").filter(|_| is_opened) {
            Some(items) => std::mem::take(items.as_sequence_mut().unwrap_or(&mut Sequence::default()))
                .into_iter()
                .for_each(|node| self.put(node)),
            None => self.put(root),
        }
    }

    fn put(&mut self, node: Node) {
        if is_empty(&node) || self.fault.is_some() {
            return;
        }
        match check(&node, self.source) {
            Err(error) => self.fault = Some(error),
            Ok(()) if is_list(&node) && node.get("items").is_some() => self.lists.push_back(node),
            Ok(()) => {
                self.make_room(node.span);
                let item = self.item(node);
                self.items.push(item);
            }
        }
    }

    /// Makes room for as many objects as the rest of the text is likely to hold: moving those of a large file takes long.
    fn make_room(&mut self, here: Span) {
        const FEW: usize = 64;
        const MOST: usize = 1 << 16;
        let count = self.items.len();
        if count >= FEW && count == self.items.capacity() {
            let (before, behind) = (here.start as usize, self.length.saturating_sub(here.start as usize));
            self.items.reserve((behind / (before / count).max(1)).min(MOST));
        }
    }

    fn item(&mut self, mut node: Node) -> Item {
        let at = self.source.at(node.span);
        let comments = self.commented.as_mut().and_then(|commented| commented.comments(&node));
        if let Source::Block(block) = self.source {
            block.shift(&mut node);
        }
        let mut item = Item::new(node, at);
        item.comments = comments;
        item.is_as_read = !matches!(self.source, Source::Field(_));
        item.adopt();
        item
    }

    fn finish(mut self) -> Result<Vec<Item>> {
        while let Some(mut list) = self.lists.pop_front().filter(|_| self.fault.is_none()) {
            let Some(items) = list.get_mut("items") else { continue };
            let inner = match &mut items.value {
                Value::Sequence(items) => std::mem::take(items),
                Value::Scalar(scalar) if scalar.tag == Tag::Null => Sequence::default(),
                _ => {
                    let message = format!("expected a list of objects under `items`, found {}", items.kind());
                    return Err(Diagnostic::new(&INVALID_OBJECT, message).at(self.source.at(items.span)).into());
                }
            };
            for mut node in inner {
                node.expand_merges();
                through_json(&mut node);
                self.put(node);
            }
        }
        self.fault.map_or(Ok(self.items), Err)
    }
}

/// What is in such a list goes through JSON: its texts come out in double quotes, dates among them.
fn through_json(node: &mut Node) {
    // JSON is YAML in brackets and braces.
    node.set_flow(true);
    match &mut node.value {
        Value::Sequence(list) => list.iter_mut().for_each(through_json),
        Value::Mapping(map) => map.entries.iter_mut().for_each(|entry| through_json(&mut entry.value)),
        Value::Scalar(scalar) => {
            *scalar = match canonical(scalar) {
                Ok(Canonical::Text(text)) => Scalar { text: text.as_ref().into(), tag: Tag::Str, style: Style::Double },
                Ok(value) => value.json_number().map_or_else(|| scalar.through_json(), Scalar::plain),
                Err(_) => scalar.through_json(),
            };
        }
    }
}

fn kind(node: &Node) -> &str {
    node.get("kind").map_or("", |kind| text_of(kind))
}

fn is_list(node: &Node) -> bool {
    Gvk::of_kind(kind(node)).is_list()
}

/// Whether a map merges one that does so itself. Kustomize reads annotations before it has merged anything, and then fails.
fn merges_twice(node: &Node) -> bool {
    node.get("<<").is_some()
}

/// Whether a node is an object, or a list of them.
fn check(node: &Node, source: &Source<'_>) -> Result<()> {
    let refuse = |message: String, place: Misspelt| {
        let diagnostic = Diagnostic::new(&INVALID_OBJECT, message).at(source.at(place.span));
        Err(diagnostic.maybe_help(place.help).into())
    };
    let name = || node.at(["metadata", "name"]).filter(|name| !name.is_null()).map_or("", |name| text_of(name));
    if node.as_mapping().is_none() {
        let help = node.as_scalar().and_then(|scalar| spaced(&scalar.text));
        let place = Misspelt { span: node.span, help };
        refuse(format!("expected an object, found {}", node.kind()), place)
    } else if kind(node).is_empty() {
        refuse("the object has no `kind`".to_owned(), Misspelt::of(&["kind"], node).or_else(node, source))
    } else if name().is_empty() && !is_list(node) {
        let message = format!("the {} has no `metadata.name`", kind(node));
        refuse(message, Misspelt::of(&["metadata", "name"], node).or_else(node, source))
    } else if let Some(annotations) = node.at(["metadata", "annotations"]).filter(|node| merges_twice(node)) {
        let place = Misspelt { span: annotations.span, help: Some("write the annotations out".to_owned()) };
        refuse("annotations cannot merge (`<<`) a map that merges one itself".to_owned(), place)
    } else {
        Ok(())
    }
}

/// Says which objects have no `apiVersion`, and which lists are none.
pub(crate) fn warn_of_incomplete(items: &[Item], session: &mut Session) {
    for item in items.iter().filter(|item| item.id.name.is_empty()) {
        let Misspelt { span, help } = Misspelt::of(&["items"], &item.node);
        let help = help.unwrap_or_else(|| "add `items: […]`, or `metadata.name` if it is no list".to_owned());
        let message = format!("the {} has neither `items` nor a name", item.id.gvk);
        session.warn(&INCOMPLETE, message, &item.place_of(span), &help);
    }
    let has_none = |item: &&Item| {
        let Gvk { group, version, .. } = &item.id.gvk;
        let is_empty = |node: &Node| text_of(node).is_empty() || node.is_null();
        group.is_empty() && version.is_empty() && item.node.get("apiVersion").is_none_or(is_empty)
    };
    for item in items.iter().filter(has_none) {
        let Misspelt { span, help } = Misspelt::of(&["apiVersion"], &item.node);
        let help = help.unwrap_or_else(|| "add `apiVersion: …`".to_owned());
        session.warn(&INCOMPLETE, format!("the {} has no `apiVersion`", item.id), &item.place_of(span), &help);
    }
}

/// Where a field is missing: the key that was written in its place, else the nearest map around it.
struct Misspelt {
    span: Span,
    help: Option<String>,
}

impl Misspelt {
    fn of(path: &[&str], root: &Node) -> Self {
        let mut node = root;
        for key in path {
            let Some(map) = node.as_mapping() else { break };
            let Some(value) = map.get(key) else {
                let near = near_key(key, &map.entries).and_then(|near| map.entry(near));
                let help = near.map(|_| format!("did you mean `{key}`?"));
                return Self { span: near.map_or(node.span, |entry| entry.key.span), help };
            };
            node = value;
        }
        Self { span: node.span, help: None }
    }

    /// The same for what is no object, and right elsewhere.
    fn or_else(self, node: &Node, source: &Source<'_>) -> Self {
        let is_kustomization = |path: &TreePath| path.name().is_some_and(|name| FILE_NAMES.contains(&name));
        let help = match source {
            Source::File(path) if is_kustomization(path) => "list its folder: a kustomization is no object",
            _ if node.get("op").is_some() && node.get("path").is_some() => {
                "write `- op: …`: a JSON 6902 patch is a list of operations"
            }
            _ if node.at(["metadata", "generateName"]).is_some() && node.get("kind").is_some() => {
                "write `name` for `generateName`: kustomize tells objects apart by their names"
            }
            _ if self.help.is_none()
                && ["apiVersion", "kind", "metadata"].iter().all(|key| node.get(key).is_none()) =>
            {
                "an object, and a patch too, says `apiVersion`, `kind` and `metadata.name`; a file of other values is none"
            }
            _ => return self,
        };
        Self { help: Some(help.to_owned()), ..self }
    }
}

fn is_empty(node: &Node) -> bool {
    match &node.value {
        Value::Mapping(map) => map.is_empty(),
        Value::Sequence(list) => list.is_empty(),
        Value::Scalar(_) => node.is_null(),
    }
}
