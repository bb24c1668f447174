//! From the text of a file to objects.

use std::ops::Range;

use stack_krm::yaml::{
    Canonical, DuplicateKey, Limits, Node, PartReader, ReadError, Scalar, Style, Tag, Value, canonical,
};
use stack_source::{Diagnostic, Locus, Span, TreePath};

use crate::block::Block;
use crate::error::Result;
use crate::item::Item;
use crate::kustomization::FILE_NAMES;
use crate::kyaml::text_of;
use crate::layer::Session;
use crate::merge::Comments;
use crate::near::{near_key, spaced};
use crate::rules::{IGNORED, INCOMPLETE, INVALID_OBJECT, INVALID_YAML};

/// Where a text stands: in a file of its own, or in a field of one, with its lines or as a whole.
#[derive(Clone, Debug)]
pub(crate) enum Source<'a> {
    File(&'a TreePath),
    Block(&'a Block),
    Field(&'a Locus),
}

impl<'a> Source<'a> {
    /// A text in a field.
    pub(crate) fn field(at: &'a Locus, block: Option<&'a Block>) -> Self {
        block.map_or(Self::Field(at), Self::Block)
    }

    /// The place of something in the text.
    pub(crate) fn at(&self, span: Span) -> Locus {
        match self {
            Self::File(path) => Locus::in_file((*path).clone(), span),
            Self::Block(block) => block.at(span),
            Self::Field(at) => (*at).clone(),
        }
    }
}

/// What kustomize reads of a text.
pub(crate) struct Documents {
    /// The roots of its documents, empty ones left out.
    pub(crate) roots: Vec<Node>,
    has_separator: bool,
}

/// The documents of a text. Kustomize splits it at lines that begin with `---`, and reads one document of each part.
pub(crate) fn documents(text: &str, source: &Source<'_>, session: &mut Session) -> Result<Documents> {
    let mut documents = Documents { roots: Vec::new(), has_separator: false };
    let (mut unread, mut repeated) = (None, Vec::new());
    let refuse = |error: ReadError| {
        Diagnostic::new(&INVALID_YAML, error.message).at(source.at(error.span)).maybe_help(error.help)
    };
    let mut parts = PartReader::new(text, &Limits::default()).map_err(refuse)?;
    let mut rest = 0;
    while rest < text.len() {
        let (part, next) = match separator(text, rest, source)? {
            Some((end, next)) => (rest..end, next),
            None => (rest..text.len(), text.len()),
        };
        documents.has_separator |= part.end < text.len();
        let document = parts.read(part.clone()).map_err(refuse)?;
        if let Some(document) = document {
            let behind = document.span.end as usize..part.end;
            unread = unread.or_else(|| content_in(text, behind));
            repeated.extend(document.duplicate_keys);
            if !document.root.is_null() {
                documents.roots.push(document.root);
            }
        }
        rest = next;
    }
    let repeated = repeated.iter().map(|key| ignored_key(key, source));
    let unread = unread.map(|span| ignored_rest(text, span, source));
    repeated.chain(unread).for_each(|warning| session.warnings.add(warning));
    Ok(documents)
}

/// Of equal keys kustomize reads the last one, and objects with others it does not print.
pub(crate) fn ignored_key(key: &DuplicateKey, source: &Source<'_>) -> Diagnostic {
    let message = format!("the key `{}` stands twice here, and kustomize reads the last one only", key.key);
    let help = match key.key.as_str() {
        "apiVersion" | "kind" => "write `---` on a line before it if another object begins here",
        _ => "write one of them with all that both say",
    };
    let (first, last) = (source.at(key.first), source.at(key.second));
    Diagnostic::new(&IGNORED, message).at(first).related(last, "the last one").help(help)
}

/// What stands behind the end of a document, with no `---` between them.
fn ignored_rest(text: &str, span: Span, source: &Source<'_>) -> Diagnostic {
    let above = text.get(..span.start as usize).unwrap_or_default();
    let help = if above.ends_with('\r') {
        "end lines with a line feed: behind a carriage return alone, `---` divides nothing"
    } else {
        "write `---` before it"
    };
    let message = "kustomize reads nothing behind the end of the document";
    Diagnostic::new(&IGNORED, message).at(source.at(span)).help(help)
}

/// Where the part that begins at `from` ends, and where the next one begins; nothing where it is the last one.
fn separator(text: &str, from: usize, source: &Source<'_>) -> Result<Option<(usize, usize)>> {
    let Some(end) = text[from..].find("\n---").map(|found| from + found + 1) else { return Ok(None) };
    let Some((line, _)) = text[end..].split_once('\n') else { return Ok(None) };
    let rest = line[3..].trim();
    if rest.is_empty() || rest.starts_with('#') {
        return Ok(Some((end, end + line.len() + 1)));
    }
    let message = format!("`{}` is no separator of documents", line.trim());
    let help = "write `---` on a line of its own";
    Err(Diagnostic::new(&INVALID_YAML, message).at(source.at(span(end, line.len()))).help(help).into())
}

/// The first line in a part of a text that is neither empty nor a comment nor a mark between documents.
pub(crate) fn content_in(text: &str, part: Range<usize>) -> Option<Span> {
    let mut start = part.start;
    for line in text.get(part)?.split_inclusive('\n') {
        let content = line.trim();
        if !(content.is_empty() || content.starts_with('#') || matches!(content, "..." | "---")) {
            return Some(span(start + line.len() - line.trim_start().len(), content.len()));
        }
        start += line.len();
    }
    None
}

fn span(start: usize, length: usize) -> Span {
    let offset = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Span::new(offset(start), offset(start + length))
}

/// The objects of a text: lists are opened, empty documents left out.
pub(crate) fn objects(text: &str, source: &Source<'_>, session: &mut Session) -> Result<Vec<Item>> {
    objects_of(documents(text, source, session)?, text, source)
}

/// The objects of the documents of a text.
pub(crate) fn objects_of(documents: Documents, text: &str, source: &Source<'_>) -> Result<Vec<Item>> {
    let mut nodes = documents.roots;
    // A separator makes two documents of one, also where nothing follows.
    if let [only] = nodes.as_mut_slice()
        && !documents.has_separator
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
            if let Source::Block(block) = source {
                block.shift(&mut node);
            }
            let mut item = Item::new(node, at);
            item.comments = comments;
            item.is_as_read = !matches!(source, Source::Field(_));
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
        let refuse = |message: String, place: Misspelt| {
            let diagnostic = Diagnostic::new(&INVALID_OBJECT, message).at(source.at(place.span));
            Err(diagnostic.maybe_help(place.help).into())
        };
        if node.as_mapping().is_none() {
            let help = node.as_scalar().and_then(|scalar| spaced(&scalar.text));
            let place = Misspelt { span: node.span, help };
            return refuse(format!("expected an object, found {}", node.kind()), place);
        } else if kind(node).is_empty() {
            return refuse("the object has no `kind`".to_owned(), Misspelt::of(&["kind"], node).or_else(node, source));
        } else if name.is_empty() && !kind(node).ends_with("List") {
            let message = format!("the {} has no `metadata.name`", kind(node));
            return refuse(message, Misspelt::of(&["metadata", "name"], node).or_else(node, source));
        }
    }
    Ok(())
}

/// Says which objects have no `apiVersion`.
pub(crate) fn warn_of_incomplete(items: &[Item], session: &mut Session) {
    let has_none =
        |item: &&Item| item.node.get("apiVersion").is_none_or(|node| text_of(node).is_empty() || node.is_null());
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

#[cfg(test)]
mod tests {
    use stack_krm::yaml::Node;
    use stack_source::TreePath;

    use super::{Session, Source, documents};

    fn names(text: &str) -> Vec<String> {
        let path = TreePath::new("a.yaml").unwrap();
        let found = documents(text, &Source::File(&path), &mut Session::default()).unwrap().roots;
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
