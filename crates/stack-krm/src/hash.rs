//! The suffix that tells one content of a `ConfigMap` or `Secret` from another.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::yaml::{Mapping, Node, Scalar, Tag, Value, json_number};

/// The ten characters that kustomize appends to the name of a generated `ConfigMap` or `Secret`; none for other kinds.
///
/// Only the content counts, and a Secret's type: neither name nor labels change the suffix.
///
/// ```
/// use stack_krm::hash;
/// use stack_krm::yaml::Node;
///
/// let settings = Node::mapping([
///     ("kind", Node::string("ConfigMap")),
///     ("data", Node::mapping([("FOO", Node::string("Bar"))])),
/// ]);
/// assert_eq!(hash::suffix(&settings).as_deref(), Some("42cfbf598f"));
/// ```
pub fn suffix(object: &Node) -> Option<String> {
    let kind = object.get("kind").and_then(Node::as_str)?;
    let (texts, maps): (&[&str], &[&str]) = match kind {
        "ConfigMap" => (&["data"], &["binaryData"]),
        "Secret" => (&["data", "type"], &["stringData"]),
        _ => return None,
    };
    let mut hashed = Mapping::new();
    hashed.insert("kind", Node::string(kind));
    // kustomize looks for a field that is literally called `metadata/name`, so the name is always empty.
    hashed.insert("name", Node::string(""));
    for &field in texts {
        let value = match object.get(field) {
            None => Node::string(""),
            Some(Node { value: Value::Scalar(scalar), .. }) => Node::string(scalar.text.clone()),
            Some(map) if map.as_mapping().is_some() => settled(map),
            Some(_) => Node::null(),
        };
        hashed.insert(field, value);
    }
    for &field in maps {
        if let Some(map) = object.get(field).filter(|node| node.as_mapping().is_some()) {
            hashed.insert(field, settled(map));
        }
    }
    let mut json = String::new();
    write_json(&Node::from(Value::Mapping(hashed)), &mut json);
    Some(encode(&json))
}

fn settled(node: &Node) -> Node {
    let mut node = node.clone();
    node.settle();
    node
}

/// The first ten hexadecimal digits, with those replaced that could spell a word.
fn encode(json: &str) -> String {
    let mut hex = String::new();
    for byte in &Sha256::digest(json.as_bytes())[..5] {
        // Writing into a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    let replace = |digit| match digit {
        '0' => 'g',
        '1' => 'h',
        '3' => 'k',
        'a' => 'm',
        'e' => 't',
        other => other,
    };
    hex.chars().map(replace).collect()
}

/// JSON as Go's `encoding/json` writes it: sorted keys, no spaces, and nothing that HTML could take for its own.
fn write_json(node: &Node, out: &mut String) {
    match &node.value {
        Value::Scalar(scalar) => write_scalar(&scalar.through_json(), out),
        Value::Sequence(nodes) => {
            for (index, node) in nodes.iter().enumerate() {
                out.push(if index == 0 { '[' } else { ',' });
                write_json(node, out);
            }
            out.push_str(if nodes.is_empty() { "[]" } else { "]" });
        }
        Value::Mapping(mapping) => {
            let mut entries: Vec<(&str, &Node)> = mapping.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            for (index, (key, value)) in entries.iter().enumerate() {
                out.push(if index == 0 { '{' } else { ',' });
                write_string(key, out);
                out.push(':');
                write_json(value, out);
            }
            out.push_str(if entries.is_empty() { "{}" } else { "}" });
        }
    }
}

/// A scalar that went through JSON, so its numbers are floats.
fn write_scalar(scalar: &Scalar, out: &mut String) {
    match scalar.as_f64() {
        Some(number) => out.push_str(&json_number(number)),
        None if scalar.tag == Tag::Null => out.push_str("null"),
        None if scalar.tag == Tag::Bool => out.push_str(&scalar.text),
        None => write_string(&scalar.text, out),
    }
}

fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(character));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests;
