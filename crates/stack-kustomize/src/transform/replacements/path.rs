//! The paths of replacements and variables: `spec.containers.[name=web].env.0.value`.

use stack_krm::yaml::{Entry, Mapping, Node, Scalar, Sequence, Style, Text, Value};

use crate::expression::expression;
use crate::field_path::split;
use crate::kyaml::{bare, plain_key, text_of};

/// The parts of a path; dots between brackets divide nothing, and brackets without `=` only hold dots together.
pub(crate) fn parts(path: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut open: Option<String> = None;
    for part in split(path, '.') {
        match open.take() {
            Some(mut joined) => {
                joined.push('.');
                joined.push_str(&part);
                if part.ends_with(']') { parts.push(closed(&joined)) } else { open = Some(joined) }
            }
            None if part.starts_with('[') && !part.ends_with(']') => open = Some(part),
            None => parts.push(part),
        }
    }
    parts.extend(open.map(|rest| closed(&rest)));
    parts
}

pub(super) fn closed(part: &str) -> String {
    if part.contains('=') { part.to_owned() } else { part.trim_matches(['[', ']']).to_owned() }
}

/// `[key=value]`, or `[=value]` for a list of scalars.
pub(super) fn condition(part: &str) -> Option<Result<(&str, &str), String>> {
    let inner = part.strip_prefix('[')?.strip_suffix(']')?;
    Some(inner.split_once('=').ok_or_else(|| format!("`{part}` must say what to match: `[key=value]`")))
}

/// The value that a path leads to; nothing where it is missing. Conditions are for equality.
pub(crate) fn find<'n>(node: &'n Node, path: &[String]) -> Result<Option<&'n Node>, String> {
    let mut node = node;
    for part in path.iter().map(|part| part.trim()).filter(|part| !part.is_empty()) {
        let next = if let Ok(index) = part.parse::<usize>() {
            list(node, part)?.get(index)
        } else if part == "-" {
            list(node, part)?.last()
        } else if part == "*" {
            return Err("`*` may not stand in the path of a source".to_owned());
        } else if let Some(condition) = condition(part) {
            let (key, value) = condition?;
            let is_it = |node: &&Node| match key {
                "" => *text_of(node) == value,
                key => node.get(key).is_some_and(|node| *text_of(node) == value),
            };
            list(node, part)?.iter().find(is_it)
        } else {
            match &node.value {
                Value::Mapping(map) => map.get(part),
                _ if node.is_null() => None,
                _ => return Err(format!("`{part}` is no field of {}", node.kind())),
            }
        };
        match next {
            Some(next) => node = next,
            None => return Ok(None),
        }
    }
    Ok(Some(node))
}

/// What a condition matches as a pattern that it hardly means: `[name=web]` matches `my-web` too.
pub(crate) fn loose<'n>(node: &'n Node, path: &[String]) -> Option<&'n str> {
    let mut node = node;
    for part in path {
        if let Some(Ok((key, wanted))) = condition(part)
            && !key.is_empty()
            && !wanted.contains(['*', '+', '?', '[', '(', '|', '^', '$', '\\', '{'])
        {
            let texts = node.as_sequence()?.iter().filter_map(|element| element.get(key)).map(text_of);
            let regex = expression(wanted).ok()?;
            let mut others = texts.filter(|text| *text != wanted && regex.is_match(text));
            if let Some(other) = others.next() {
                return Some(other);
            }
        }
        node = find(node, std::slice::from_ref(part)).ok()??;
    }
    None
}

/// Whether a path ends at a null before its end: what is put behind that is lost.
pub(crate) fn ends_at_null(node: &Node, path: &[String]) -> bool {
    let mut node = node;
    for part in path {
        if node.is_null() {
            return true;
        }
        match find(node, std::slice::from_ref(part)) {
            Ok(Some(next)) => node = next,
            _ => return false,
        }
    }
    false
}

/// A path that [`find`] follows, with the indexes of the elements that it finds now: it leads there whatever becomes of them.
pub(crate) fn exact(node: &Node, path: &[String]) -> Vec<String> {
    let mut node = node;
    let mut exact = Vec::with_capacity(path.len());
    for part in path {
        let Ok(Some(next)) = find(node, std::slice::from_ref(part)) else { break };
        let list = node.as_sequence().unwrap_or_default();
        let index = list.iter().position(|element| std::ptr::eq(element, next));
        exact.push(index.map_or_else(|| part.clone(), |index| index.to_string()));
        node = next;
    }
    exact
}

fn list<'n>(node: &'n Node, part: &str) -> Result<&'n [Node], String> {
    if node.is_null() {
        return Ok(&[]);
    }
    node.as_sequence().ok_or_else(|| format!("`{part}` asks for an element of a list, and this is {}", node.kind()))
}

/// What is made at the end of a path where it is missing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Make {
    Nothing,
    Scalar,
    List,
    Map,
}

/// A value that a path leads to.
pub(crate) struct Found<'n> {
    pub(crate) node: &'n mut Node,
    /// Whether it was made just now.
    pub(crate) is_new: bool,
}

type Change<'c> = &'c mut dyn FnMut(Found<'_>) -> Result<(), String>;

/// Calls `change` on every value that a path leads to, and tells how many there were. Conditions are regular expressions that
/// need not cover the whole value.
pub(crate) fn visit(node: &mut Node, path: &[String], make: Make, change: Change<'_>) -> Result<usize, String> {
    walk(node, path, make, false, change)
}

fn walk(node: &mut Node, path: &[String], make: Make, is_new: bool, change: Change<'_>) -> Result<usize, String> {
    let Some((part, rest)) = path.split_first() else { return change(Found { node, is_new }).map(|()| 1) };
    if part.is_empty() {
        return nameless(node, rest, make, is_new, change);
    }
    let is_list = part == "*" || is_element(part);
    if is_list && node.is_null() {
        // To kustomize a null is a list without elements, and what it puts in is lost.
        return walk(&mut Node::sequence([]), path, make, is_new, change);
    }
    if let Ok(index) = part.parse::<usize>() {
        let elements = elements(node, part)?;
        let mut is_new = false;
        if elements.len() == index && make != Make::Nothing {
            elements.push(empty(rest.first(), make));
            is_new = true;
        }
        let len = elements.len();
        let element = elements.get_mut(index).ok_or_else(|| format!("there is no index {index} in a list of {len}"))?;
        return walk(element, rest, make, is_new, change);
    }
    if let Some(condition) = condition(part) {
        let (key, pattern) = condition?;
        return matching(node, part, (key, pattern), rest, make, change);
    }
    if part == "*" {
        return elements(node, part)?
            .iter_mut()
            .try_fold(0, |hits, node| Ok(hits + walk(node, rest, make, false, change)?));
    }
    field(node, part, rest, make, change)
}

/// A part without a name, as a dot too many makes it, stands for an empty text itself. Any other text becomes one where fields may be
/// made, and what is put in is lost.
fn nameless(node: &mut Node, rest: &[String], make: Make, is_new: bool, change: Change<'_>) -> Result<usize, String> {
    let is_made = |node: &Node| is_new && node.as_scalar().is_some();
    match rest.iter().find(|part| !part.is_empty()) {
        Some(part) if is_made(node) => return Err(format!("`{part}` is no field of an empty text")),
        _ if node.as_scalar().is_none() => {
            return Err(format!("a part of the path has no name, and this is {}", node.kind()));
        }
        _ if is_made(node) || !node.is_null() && text_of(node).is_empty() => {
            return walk(node, rest, make, is_new, change);
        }
        _ if make == Make::Nothing => return Ok(0),
        _ => {}
    }
    let mut made = empty(rest.first(), make);
    let hits = walk(&mut made.clone(), rest, make, true, change)?;
    if made.as_scalar().is_some() {
        made = bare("");
    }
    *node = made;
    Ok(hits)
}

fn elements<'n>(node: &'n mut Node, part: &str) -> Result<&'n mut Sequence, String> {
    let kind = node.kind();
    node.as_sequence_mut().ok_or_else(|| format!("`{part}` asks for an element of a list, and this is {kind}"))
}

fn field(node: &mut Node, part: &str, rest: &[String], make: Make, change: Change<'_>) -> Result<usize, String> {
    let kind = node.kind();
    let Value::Mapping(map) = &mut node.value else {
        return match make {
            _ if !node.is_null() => Err(format!("`{part}` is no field of {kind}")),
            Make::Nothing => Ok(0),
            // Kustomize makes the field of a null, and has nowhere to put it.
            _ => field(&mut Value::Mapping(Mapping::new()).into(), part, rest, make, change),
        };
    };
    let is_new = map.get(part).is_none();
    if is_new {
        if make == Make::Nothing {
            return Ok(0);
        }
        map.entries.push(Entry { key: plain_key(&Text::from(part)), value: empty(rest.first(), make) });
    }
    match map.get_mut(part) {
        Some(node) => walk(node, rest, make, is_new, change),
        None => Ok(0),
    }
}

fn matching(
    node: &mut Node,
    part: &str,
    (key, pattern): (&str, &str),
    rest: &[String],
    make: Make,
    change: Change<'_>,
) -> Result<usize, String> {
    let regex = expression(pattern).map_err(|_| format!("`{pattern}` is no regular expression"))?;
    let elements = elements(node, part)?;
    let is_it = |node: &Node| match key {
        "" => regex.is_match(&printed(node)),
        key => node.get(key).is_some_and(|node| regex.is_match(&printed(node))),
    };
    let mut hits = 0;
    // The rest of the path is for maps; a matching scalar is itself what is meant.
    let rest = if key.is_empty() { &[] } else { rest };
    for element in elements.iter_mut().filter(|element| is_it(element)) {
        hits += walk(element, rest, make, false, change)?;
    }
    if hits > 0 || make == Make::Nothing {
        return Ok(hits);
    }
    let value = bare(pattern);
    let mut element = if key.is_empty() {
        value
    } else {
        let mut map = Mapping::new();
        map.insert(plain_key(&Text::from(key)), value);
        Value::Mapping(map).into()
    };
    let hits = if is_it(&element) { walk(&mut element, rest, make, false, change)? } else { 0 };
    elements.push(element);
    Ok(hits)
}

/// A scalar as it is written, its quotes included.
fn printed(node: &Node) -> String {
    let text = text_of(node).trim();
    match node.as_scalar().map(|scalar| scalar.style) {
        Some(Style::Double) => format!("\"{text}\""),
        Some(Style::Single) => format!("'{text}'"),
        _ => text.to_owned(),
    }
}

/// Whether a part of a path leads to an element of a list.
pub(super) fn is_element(part: &str) -> bool {
    part.parse::<usize>().is_ok() || part.starts_with('[') && part.ends_with(']')
}

fn empty(next: Option<&String>, make: Make) -> Node {
    match (next.filter(|part| !part.is_empty()), make) {
        (Some(part), _) if is_element(part) => Node::sequence([]),
        (None, Make::List) => Node::sequence([]),
        (None, Make::Scalar | Make::Nothing) => Value::Scalar(Scalar::plain("")).into(),
        (Some(_), _) | (None, Make::Map) => Value::Mapping(Mapping::new()).into(),
    }
}
