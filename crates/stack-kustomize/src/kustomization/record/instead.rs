//! What to write instead of a field that is not known here, or of a value that is of another type.

use stack_krm::yaml::{Node, Scalar, Tag, Value};

/// Words that are right elsewhere, and what is meant where these fields are known.
static ELSEWHERE: [(&str, &str, &str); 3] = [
    ("apiVersion", "group", "write `group` and `version`"),
    ("tag", "newTag", "write `newTag`"),
    ("image", "newTag", "write `name` and `newName`"),
];

/// The edit for a field that a record does not have.
pub(super) fn known_elsewhere(key: &str, known: &[&'static str]) -> Option<&'static str> {
    let (.., help) = ELSEWHERE.iter().find(|(word, field, _)| *word == key && known.contains(field))?;
    Some(help)
}

/// The edit for the value of a field that is right but for the way it is written.
pub(super) fn instead(node: &Node, wanted: &str, key: &str) -> Option<String> {
    let is_patch = |node: &Node| node.get("kind").or_else(|| node.get("op")).is_some();
    match &node.value {
        Value::Mapping(_) if wanted == "a string" && is_patch(node) => {
            Some("write `|-` behind the colon: a patch stands there as text".to_owned())
        }
        Value::Sequence(list) if wanted == "a string" && list.first().is_some_and(is_patch) => {
            Some("write `|-` behind the colon: a patch stands there as text".to_owned())
        }
        Value::Mapping(map) if wanted == "a list" => {
            let entry = map.entries.first()?;
            let (name, text) = (entry.key.as_str(), entry.value.as_scalar().map_or("…", |scalar| scalar.text.as_str()));
            Some(match key {
                "labels" => format!("write a list: `- pairs: {{{name}: {text}}}`"),
                "literals" | "files" => format!("write a list: `- {name}={text}`"),
                _ => format!("write a list: `- {name}: {text}`"),
            })
        }
        Value::Scalar(scalar) if matches!(wanted, "a whole number" | "true or false") => {
            let plain = Node::from(Value::Scalar(Scalar::plain(scalar.text.clone())));
            let is_it = plain.as_i64().is_some() || plain.as_bool().is_some();
            (scalar.tag == Tag::Str && is_it).then(|| format!("write it without quotes: {}", scalar.text))
        }
        _ => None,
    }
}
