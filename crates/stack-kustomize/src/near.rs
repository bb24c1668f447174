//! What was meant: the key, or the space that makes one.

use stack_krm::yaml::Entry;
use stack_source::nearest;

/// Of more keys than these, nobody asks which is near: a map of data may have thousands, and a patch as many that are not there.
const MOST: usize = 64;

/// The key of a map that is nearest to one that it does not have.
pub(crate) fn near_key<'e>(key: &str, entries: &'e [Entry]) -> Option<&'e str> {
    let entries = if entries.len() > MOST { &[] } else { entries };
    nearest(key, entries.iter().map(|entry| entry.key.as_str()))
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

/// The edit for a text where a map should be: its first line is one but for the space behind the colon.
pub(crate) fn spaced(text: &str) -> Option<String> {
    let first = text.split_whitespace().next()?;
    let (key, value) = first.split_once(':')?;
    let is_key = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (is_key && !value.is_empty() && !value.starts_with('/')).then(|| format!("write `{key}: {value}`"))
}
