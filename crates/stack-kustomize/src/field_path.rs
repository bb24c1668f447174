//! Walking to a field and changing it, as kustomize's field specs do.

use stack_krm::yaml::{Mapping, Node, Scalar, Sequence, Style, Tag, Text, Value};

use crate::depth;
use crate::kyaml::plain_key;

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) key: Text,
    /// Written with `[]`: nothing is made below it.
    is_list: bool,
}

/// What a field is made as where it is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Make {
    Nothing,
    Scalar,
    Map,
}

/// A field that cannot be changed.
#[derive(Debug)]
pub(crate) struct DeadEnd {
    pub(crate) span: stack_source::Span,
    pub(crate) why: Why,
}

/// Why a field cannot be changed.
#[derive(Debug)]
pub(crate) enum Why {
    /// What stands on the way is neither a list nor a map, but this kind of value.
    Blocked(&'static str),
    /// A part of the path has no name.
    Nameless,
    /// The change itself failed.
    Refused(String),
    /// The name that stands there may mean several objects.
    Ambiguous(String),
}

impl DeadEnd {
    pub(crate) fn at(node: &Node) -> Self {
        Self { span: node.span, why: Why::Blocked(node.kind()) }
    }

    pub(crate) fn because(node: &Node, why: String) -> Self {
        Self { span: node.span, why: Why::Refused(why) }
    }

    pub(crate) fn ambiguous(node: &Node, why: String) -> Self {
        Self { span: node.span, why: Why::Ambiguous(why) }
    }
}

/// The parts of a path; `\/` stands for a slash in a name.
pub(crate) fn steps(path: &str) -> Vec<Step> {
    split(path, '/')
        .into_iter()
        .map(|part| match part.strip_suffix("[]") {
            Some(key) => Step { key: key.into(), is_list: true },
            None => Step { key: part.into(), is_list: false },
        })
        .collect()
}

/// Splits at a delimiter that no backslash stands before. One leading delimiter is left out.
pub(crate) fn split(path: &str, delimiter: char) -> Vec<String> {
    let path = match path.strip_prefix(delimiter) {
        Some(rest) => rest,
        None => path,
    };
    let mut parts: Vec<String> = Vec::new();
    let mut continues = false;
    for part in path.split(delimiter) {
        match parts.last_mut() {
            Some(last) if continues => {
                last.pop();
                last.push(delimiter);
                last.push_str(part);
            }
            _ => parts.push(part.to_owned()),
        }
        continues = part.ends_with('\\');
    }
    parts
}

/// Calls `change` on every value that the path leads to. Lists on the way are descended, all elements.
pub(crate) fn walk<F>(node: &mut Node, path: &[Step], make: Make, change: &mut F) -> Result<(), DeadEnd>
where
    F: FnMut(&mut Node) -> Result<(), DeadEnd>,
{
    depth::check_levels(path.len()).map_err(|why| DeadEnd::because(node, why))?;
    descend(node, path, make, change)
}

fn descend<F>(node: &mut Node, path: &[Step], make: Make, change: &mut F) -> Result<(), DeadEnd>
where
    F: FnMut(&mut Node) -> Result<(), DeadEnd>,
{
    let Some((step, rest)) = path.split_first() else { return change(node) };
    match &mut node.value {
        Value::Sequence(nodes) => nodes.iter_mut().try_for_each(|node| descend(node, path, make, change)),
        Value::Mapping(_) if step.key.is_empty() => Err(DeadEnd { span: node.span, why: Why::Nameless }),
        Value::Mapping(mapping) => match field(mapping, step, rest.is_empty(), make) {
            Some(next) => descend(next, rest, make, change),
            None => Ok(()),
        },
        Value::Scalar(scalar) if scalar.tag == Tag::Null => Ok(()),
        Value::Scalar(_) => Err(DeadEnd::at(node)),
    }
}

fn field<'n>(mapping: &'n mut Mapping, step: &Step, is_last: bool, make: Make) -> Option<&'n mut Node> {
    let make = match make {
        _ if step.is_list => Make::Nothing,
        Make::Nothing => Make::Nothing,
        asked if is_last => asked,
        _ => Make::Map,
    };
    if make != Make::Nothing && mapping.get(&step.key).is_none() {
        mapping.insert(plain_key(&step.key), empty(make));
    }
    let node = mapping.get_mut(&step.key)?;
    if node.is_null() {
        // kustomize turns what is there and null into what it would have made.
        match make {
            Make::Map => node.value = Value::Mapping(Mapping::new()),
            Make::Nothing if step.is_list => node.value = Value::Sequence(Sequence::default()),
            Make::Nothing | Make::Scalar => {}
        }
    }
    Some(node)
}

fn empty(make: Make) -> Node {
    match make {
        Make::Map => Value::Mapping(Mapping::new()).into(),
        Make::Nothing | Make::Scalar => {
            Value::Scalar(Scalar { text: Text::default(), tag: Tag::Null, style: Style::Plain }).into()
        }
    }
}
