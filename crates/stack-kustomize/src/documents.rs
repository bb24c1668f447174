//! From the text of a file to objects.

use stack_krm::yaml::{Canonical, Document, Limits, Node, Scalar, Style, Tag, Value, canonical, read};
use stack_source::{Diagnostic, Locus, Span, TreePath};

use crate::error::Result;
use crate::item::Item;
use crate::kyaml::text_of;
use crate::merge::Comments;
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
    let documents = read(text, &Limits::default()).map_err(|error| {
        Diagnostic::new(&INVALID_YAML, error.message).at(source.at(error.span)).maybe_help(error.help)
    })?;
    check_separators(text, source)?;
    let documents = marked(documents, text).filter_map(|(root, is_read)| is_read.then_some(root));
    Ok(documents.filter(|root| !root.is_null()).collect())
}

/// The roots of documents, and whether kustomize reads them.
fn marked(documents: Vec<Document>, text: &str) -> impl Iterator<Item = (Node, bool)> {
    let mut previous = 0;
    let has_ends = text.contains("\n...");
    documents.into_iter().map(move |document| {
        if !has_ends {
            return (document.root, true);
        }
        let start = document.span.start as usize;
        let (before, rest) = (text.get(previous..start), text.get(start..));
        previous = start;
        (document.root, is_read(before.unwrap_or_default(), rest.unwrap_or_default()))
    })
}

/// The place of the first document that kustomize does not read.
pub(crate) fn unread(text: &str, source: &Source<'_>) -> Option<Locus> {
    if !text.contains("\n...") {
        return None;
    }
    let documents = read(text, &Limits::default()).ok()?;
    let lost = marked(documents, text).find(|(root, is_read)| !is_read && !root.is_null());
    lost.map(|(root, _)| source.at(root.span))
}

/// Kustomize splits a text at lines that begin with `---`, and takes nothing but a comment on them.
fn check_separators(text: &str, source: &Source<'_>) -> Result<()> {
    check_start(text, text, source)?;
    for (place, _) in text.match_indices("\n---") {
        let Some((line, behind)) = text[place + 1..].split_once('\n') else { continue };
        let rest = line[3..].trim();
        if !rest.is_empty() && !rest.starts_with('#') {
            let start = u32::try_from(place + 1).unwrap_or(u32::MAX);
            let span = Span::new(start, start + u32::try_from(line.len()).unwrap_or_default());
            let message = format!("`{}` is no separator of documents", line.trim());
            let help = "write `---` on a line of its own";
            return Err(Diagnostic::new(&INVALID_YAML, message).at(source.at(span)).help(help).into());
        }
        check_start(behind, text, source)?;
    }
    Ok(())
}

/// A document cannot end before it has begun. `rest` is what `text` has from the document on.
fn check_start(rest: &str, text: &str, source: &Source<'_>) -> Result<()> {
    let is_nothing = |line: &&str| line.trim_start().starts_with('#') || line.trim().is_empty();
    let mut start = text.len() - rest.len();
    for line in rest.split_inclusive('\n') {
        if is_nothing(&line) {
            start += line.len();
            continue;
        }
        if line.starts_with("...") && line[3..].trim().is_empty() {
            let offset = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
            let message = "`...` ends a document, and there is none before it";
            let at = source.at(Span::new(offset(start), offset(start + 3)));
            return Err(Diagnostic::new(&INVALID_YAML, message).at(at).help("take the line out").into());
        }
        break;
    }
    Ok(())
}

fn has_separator(text: &str) -> bool {
    text.match_indices("\n---").any(|(place, _)| text[place + 1..].contains('\n'))
}

/// Kustomize reads one document between two separators: what follows `...` is not read. `before` is the text from the start of the
/// document before to this one's; what ended earlier documents is no matter of it.
fn is_read(before: &str, rest: &str) -> bool {
    match before.rfind("\n...") {
        Some(end) => before[end..].contains("\n---") || rest.starts_with("---"),
        None => true,
    }
}

/// The objects of a text: lists are opened, empty documents left out.
pub(crate) fn objects(text: &str, source: &Source<'_>) -> Result<Vec<Item>> {
    objects_of(documents(text, source)?, text, source)
}

/// The objects of the documents of a text.
pub(crate) fn objects_of(mut nodes: Vec<Node>, text: &str, source: &Source<'_>) -> Result<Vec<Item>> {
    // A separator makes two documents of one, also where nothing follows.
    if let [only] = nodes.as_mut_slice()
        && !has_separator(text)
        && matches!(kind(only), "List" | "ResourceList")
        && let Some(items) = only.get_mut("items")
    {
        nodes = std::mem::take(items.as_sequence_mut().unwrap_or(&mut Vec::new()));
    }
    check(&mut nodes, source)?;
    let has_schemas = Comments::may_be_in(text);
    let mut objects = Vec::with_capacity(nodes.len());
    // Lists are opened behind everything else of the file, lists in them behind those.
    let mut queue = std::collections::VecDeque::from(nodes);
    while let Some(mut node) = queue.pop_front() {
        let is_list = kind(&node).ends_with("List");
        let Some(items) = node.get_mut("items").filter(|_| is_list) else {
            let at = source.at(node.span);
            let comments = if has_schemas { Comments::of(text, &node) } else { None };
            let mut item = Item::new(node, at);
            item.comments = comments;
            item.is_as_read = matches!(source, Source::File(_));
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
        inner.iter_mut().for_each(through_json);
        check(&mut inner, source)?;
        queue.extend(inner);
    }
    Ok(objects)
}

/// What is in such a list goes through JSON: its texts come out in double quotes, dates among them.
fn through_json(node: &mut Node) {
    // JSON is YAML in brackets and braces.
    node.flow = node.as_scalar().is_none();
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
    }
    Ok(())
}

fn is_empty(node: &Node) -> bool {
    match &node.value {
        Value::Mapping(map) => map.is_empty(),
        Value::Sequence(list) => list.is_empty(),
        Value::Scalar(_) => node.is_null(),
    }
}

#[cfg(test)]
mod tests {
    use stack_krm::yaml::Node;
    use stack_source::TreePath;

    use super::{Source, documents};

    fn names(text: &str) -> Vec<String> {
        let path = TreePath::new("a.yaml").unwrap();
        let found = documents(text, &Source::File(&path)).unwrap();
        found.iter().filter_map(|root| root.get("n").and_then(Node::as_str).map(str::to_owned)).collect()
    }

    #[test]
    fn what_follows_the_end_of_a_document_is_not_read() {
        for (text, expected) in [
            ("n: a\n---\nn: b\n", &["a", "b"][..]),
            ("n: a\n...\nn: b\n", &["a"]),
            ("n: a\n...\n---\nn: b\n", &["a", "b"]),
            ("n: a\n...\n# comment\n---\nn: b\n---\nn: c\n", &["a", "b", "c"]),
            ("n: a\n...\nn: b\n---\nn: c\n...\nn: d\n", &["a", "c"]),
            ("n: a\n...\nn: b\n...\nn: c\n", &["a"]),
            ("---\nn: a\n...\n...\nn: b\n", &["a"]),
        ] {
            assert_eq!(names(text), expected, "{text:?}");
        }
    }

    /// Without an end of time: minutes where every document is looked for from the start of the file.
    #[test]
    fn a_file_may_hold_many_documents() {
        let filler = "x".repeat(500);
        let text: String = (0..40_000).map(|n| format!("---\nn: a{n}\nm: {filler}\n")).collect();
        assert_eq!(names(&text).len(), 40_000);
    }
}
