//! What was meant: the key, or the space that makes one.

use stack_krm::yaml::Entry;
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

/// The edit for a text where a map should be: its first line is one but for the space behind the colon.
pub(crate) fn spaced(text: &str) -> Option<String> {
    let first = text.split_whitespace().next()?;
    let (key, value) = first.split_once(':')?;
    let is_key = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (is_key && !value.is_empty() && !value.starts_with('/')).then(|| format!("write `{key}: {value}`"))
}
