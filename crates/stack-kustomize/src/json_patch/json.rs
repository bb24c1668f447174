//! What becomes of values on their way through JSON: of those of a patch, and of the object that it changes.

use stack_krm::yaml::{Key, Node, Scalar, Style, Tag, Text, Value, canonical};
use stack_source::Span;

use crate::kustomization::record::yaml_1_1;

/// Scalars as YAML 1.1 takes them: `yes` is a boolean, a date is text.
pub(super) fn as_yaml_1_1(node: &mut Node) {
    match &mut node.value {
        Value::Sequence(nodes) => nodes.iter_mut().for_each(as_yaml_1_1),
        Value::Mapping(map) => {
            for entry in &mut map.entries {
                as_text(&mut entry.key);
                as_yaml_1_1(&mut entry.value);
            }
        }
        Value::Scalar(scalar) => {
            let tag = yaml_1_1(scalar);
            if tag == Tag::Bool && scalar.tag == Tag::Str {
                let is_true = matches!(scalar.text.to_ascii_lowercase().as_str(), "y" | "yes" | "on");
                scalar.text = Text::from(if is_true { "true" } else { "false" });
            }
            scalar.tag = tag;
            scalar.style = Style::Plain;
        }
    }
}

/// A key as it stands in JSON: what YAML 1.1 takes for a boolean or a number becomes its text.
fn as_text(key: &mut Key) {
    let text = match yaml_1_1(&key.scalar) {
        Tag::Bool => {
            let is_true = matches!(key.as_str().to_ascii_lowercase().as_str(), "y" | "yes" | "on" | "true");
            Text::from(if is_true { "true" } else { "false" })
        }
        Tag::Int => match canonical(&key.scalar).ok().and_then(|number| number.json_number()) {
            Some(number) => number.into(),
            None => return,
        },
        Tag::Float => key.scalar.through_json().text,
        _ => key.scalar.text.clone(),
    };
    key.scalar = Scalar::string(text);
}

/// Numbers as they stand in JSON: go-yaml takes `08` for the float 8. What is JSON already keeps its own.
pub(super) fn numbers_to_json(node: &mut Node) {
    match &mut node.value {
        Value::Sequence(nodes) => nodes.iter_mut().for_each(numbers_to_json),
        Value::Mapping(map) => map.entries.iter_mut().for_each(|entry| numbers_to_json(&mut entry.value)),
        Value::Scalar(scalar) => {
            if let Some(text) = canonical(scalar).ok().and_then(|value| value.json_number()) {
                *scalar = Scalar::plain(text);
            }
        }
    }
}

/// A number that has lost digits.
pub(crate) struct Lost {
    /// The keys and indexes that lead to it, innermost first.
    way: Vec<String>,
    pub(crate) was: Text,
    pub(crate) is: Text,
    /// Where it was written.
    pub(crate) span: Span,
}

impl Lost {
    /// The way to it, as a path.
    pub(crate) fn path(&self) -> String {
        self.way.iter().rev().map(String::as_str).collect::<Vec<_>>().join(".")
    }
}

/// What the way through JSON does to an object: numbers become floats of 53 bits, dates texts. The first number that loses digits by it
/// is given.
pub(super) fn through_json(node: &mut Node) -> Option<Lost> {
    let span = std::mem::take(&mut node.span);
    node.flow = false;
    match &mut node.value {
        Value::Sequence(nodes) => first(nodes.iter_mut().enumerate(), |index| index.to_string()),
        Value::Mapping(map) => {
            first(map.entries.iter_mut().map(|entry| (&entry.key, &mut entry.value)), |key| key.as_str().to_owned())
        }
        Value::Scalar(scalar) => {
            let float = scalar.through_json();
            let lost = scalar.tag == Tag::Int && (scalar.as_i64(), scalar.as_u64()) != (float.as_i64(), float.as_u64());
            let was = std::mem::replace(scalar, float).text;
            lost.then(|| Lost { way: Vec::new(), was, is: scalar.text.clone(), span })
        }
    }
}

/// Takes all of them through JSON, whether or not one has lost something already.
fn first<'n, K>(nodes: impl Iterator<Item = (K, &'n mut Node)>, key: impl Fn(K) -> String) -> Option<Lost> {
    let mut first = None;
    for (step, node) in nodes {
        if let Some(mut lost) = through_json(node).filter(|_| first.is_none()) {
            lost.way.push(key(step));
            first = Some(lost);
        }
    }
    first
}
