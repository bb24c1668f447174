//! What becomes of values on their way through JSON, those of a patch and of the object that it changes, and which are the same there.

use stack_krm::yaml::{Key, Node, Scalar, Style, Tag, Text, Value, canonical};
use stack_source::Span;

use crate::id_map::Fields;

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
            let tag = scalar.tag_in_yaml_1_1();
            if tag == Tag::Bool && scalar.tag == Tag::Str {
                scalar.text = Text::from(if scalar.is_true_in_yaml_1_1() { "true" } else { "false" });
            }
            scalar.tag = tag;
            scalar.style = Style::Plain;
        }
    }
}

/// A key that is null, where one is: JSON has none such, and kustomize takes the text for no patch at all.
pub(super) fn null_key(node: &Node) -> Option<&Key> {
    match &node.value {
        Value::Sequence(nodes) => nodes.iter().find_map(null_key),
        Value::Mapping(map) => {
            let mut entries = map.entries.iter();
            entries.find_map(|entry| {
                Some(&entry.key).filter(|key| key.scalar.tag == Tag::Null).or_else(|| null_key(&entry.value))
            })
        }
        Value::Scalar(_) => None,
    }
}

/// A key as it stands in JSON: what YAML 1.1 takes for a boolean or a number becomes its text.
fn as_text(key: &mut Key) {
    let text = match key.scalar.tag_in_yaml_1_1() {
        Tag::Bool => Text::from(if key.scalar.is_true_in_yaml_1_1() { "true" } else { "false" }),
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
    node.set_flow(false);
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

/// Values are compared as they stand in JSON, so `1` is another number than `1.0`.
pub(super) fn same(a: &Node, b: &Node) -> bool {
    match (&a.value, &b.value) {
        (Value::Scalar(a), Value::Scalar(b)) => {
            a.tag == b.tag && (a.text == b.text || matches!(a.tag, Tag::Null | Tag::Int | Tag::Bool) && equal(a, b))
        }
        (Value::Sequence(a), Value::Sequence(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Mapping(a), Value::Mapping(b)) => {
            a.len() == b.len() && {
                let b = Fields::of(b);
                a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
            }
        }
        _ => false,
    }
}

fn equal(a: &Scalar, b: &Scalar) -> bool {
    a.tag == Tag::Null || (a.as_bool(), a.as_i64(), a.as_u64()) == (b.as_bool(), b.as_i64(), b.as_u64())
}
