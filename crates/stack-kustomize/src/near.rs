//! What was meant: the key, or the space that makes one.

use stack_krm::yaml::{Entry, Node, Scalar, Tag, Value};
use stack_source::nearest;

/// Of more than these, nobody asks which is near: a map of data may have thousands, and a patch as many that are not there.
const MOST: usize = 64;

/// The key of a map that is nearest to one that it does not have.
pub(crate) fn near_key<'e>(key: &str, entries: &'e [Entry]) -> Option<&'e str> {
    near(key, entries.iter().map(|entry| entry.key.as_str()))
}

/// The name that is nearest to one that is not there.
pub(crate) fn near<'n>(name: &str, names: impl ExactSizeIterator<Item = &'n str>) -> Option<&'n str> {
    if names.len() > MOST { None } else { nearest(name, names) }
}

/// Words that are right elsewhere, and what is meant where these fields are known.
static ELSEWHERE: [(&str, &str, &str); 3] = [
    ("apiVersion", "group", "write `group` and `version`"),
    ("tag", "newTag", "write `newTag`"),
    ("image", "newTag", "write `name` and `newName`"),
];

/// The edit for a field that a record does not have.
pub(crate) fn known_elsewhere(key: &str, known: &[&'static str]) -> Option<&'static str> {
    let (.., help) = ELSEWHERE.iter().find(|(word, field, _)| *word == key && known.contains(field))?;
    Some(help)
}

/// The edit for the value of a field that is right but for the way it is written.
pub(crate) fn instead(node: &Node, wanted: &str, key: &str) -> Option<String> {
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

/// The edit for a text where a map should be: its first line is one but for the space behind the colon.
pub(crate) fn spaced(text: &str) -> Option<String> {
    let first = text.split_whitespace().next()?;
    let (key, value) = first.split_once(':')?;
    let is_key = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (is_key && !value.is_empty() && !value.starts_with('/')).then(|| format!("write `{key}: {value}`"))
}
