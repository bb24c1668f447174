//! Walking to a field and changing it, as kustomize's field specs do.

use stack_krm::yaml::{Mapping, Node, Scalar, Sequence, Style, Tag, Text, Value};

use crate::depth;
use crate::kyaml::plain_key;

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) key: Text,
    /// Written with `[]`: nothing is made below it, and a null becomes a list.
    pub(crate) is_list: bool,
    pub(crate) in_map: InMap,
}

/// What a step leads to in a map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InMap {
    /// The value of its key.
    Value,
    /// The map itself: the step is blank.
    Itself,
    /// Nothing, as it has no name.
    Nameless,
    /// Nothing, as it means an element of a list: `-`, `*`, a number, something in brackets.
    Element,
}

impl InMap {
    /// Why it leads nowhere in a map, if it does not.
    pub(crate) fn dead_end(self, map: &Node) -> Option<DeadEnd> {
        let why = match self {
            Self::Value | Self::Itself => return None,
            Self::Nameless => Why::Nameless,
            Self::Element => Why::NoList,
        };
        Some(DeadEnd { span: map.span, why })
    }

    fn of(part: &str) -> Self {
        match part {
            "" => Self::Itself,
            "*" | "-" => Self::Element,
            _ if part.parse::<i64>().is_ok() || part.starts_with('[') && part.ends_with(']') => Self::Element,
            _ => Self::Value,
        }
    }
}

impl Step {
    fn new(part: &str) -> Self {
        let (name, is_list) = part.strip_suffix("[]").map_or((part, false), |name| (name, true));
        let key = name.trim();
        let in_map = if name.is_empty() { InMap::Nameless } else { InMap::of(key) };
        Self { key: key.into(), is_list, in_map }
    }
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
    /// A part of the path means an element of a list, and there is a map.
    NoList,
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
    split(path, '/').iter().map(|part| Step::new(part)).collect()
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
        Value::Mapping(mapping) if step.in_map == InMap::Value => match field(mapping, step, rest.is_empty(), make) {
            Some(next) => descend(next, rest, make, change),
            None => Ok(()),
        },
        Value::Mapping(_) => match step.in_map.dead_end(node) {
            Some(error) => Err(error),
            None => descend(node, rest, make, change),
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
