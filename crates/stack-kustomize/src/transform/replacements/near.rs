//! The path that may be meant by one that leads nowhere.

use stack_krm::yaml::{Mapping, Node, Text, Value};
use stack_source::{listed, nearest};

use super::ONE_DOT;
use super::path::{closed, condition, find, is_element};
use crate::expression::expression;
use crate::kyaml::text_of;
use crate::near::near_key;

/// How many elements stand in a message.
const MOST: usize = 5;

/// The edit for a path that leads nowhere in an object; `is_target` where the path may make what is missing.
pub(super) fn help(object: &Node, path: &str, parts: &[String], is_target: bool) -> Option<String> {
    if parts.iter().any(String::is_empty) {
        return Some(ONE_DOT.to_owned());
    }
    let did_you_mean = |path: &str| format!("did you mean `{path}`?");
    if path.contains('/') && !path.contains(['.', '[']) {
        let dotted = path.trim_matches('/').replace('/', ".");
        return Some(did_you_mean(&dotted));
    }
    let mut node = object;
    for (index, part) in parts.iter().enumerate() {
        if let Some(next) = next(node, part) {
            node = next;
            continue;
        }
        let (before, rest) = (&parts[..index], &parts[index + 1..]);
        let with = |these: &[String], rest: &[String]| {
            let parts = before.iter().chain(these).chain(rest).map(|part| written(part));
            did_you_mean(&parts.collect::<Vec<_>>().join("."))
        };
        return match &node.value {
            Value::Mapping(map) => match in_map(map, part, rest) {
                Some((these, taken)) => Some(with(&these, &rest[taken..])),
                None if is_target && rest.iter().all(|part| part != "*") => {
                    Some("mend the path, or let it be made with `options.create: true`".to_owned())
                }
                None => there_are(map.iter().map(|(key, _)| key)),
            },
            Value::Sequence(list) => match in_list(list, part) {
                Some(these) => Some(with(&these, rest)),
                None => Some(there_is(list, part)),
            },
            Value::Scalar(_) => None,
        };
    }
    None
}

/// The condition of a path that no element meets, so that one is made, and the one that may be meant.
pub(super) fn added(object: &Node, parts: &[String]) -> Option<(String, String)> {
    let mut node = object;
    for part in parts {
        let Some(next) = next(node, part) else {
            let list = node.as_sequence().filter(|_| part.contains('='))?;
            return in_list(list, part)?.pop().map(|near| (part.clone(), near));
        };
        node = next;
    }
    None
}

/// What a part leads to, of several the first.
fn next<'n>(node: &'n Node, part: &str) -> Option<&'n Node> {
    if part == "*" {
        return node.as_sequence()?.first();
    }
    if let Ok(Some(next)) = find(node, &[part.to_owned()]) {
        return Some(next);
    }
    let (key, pattern) = condition(part)?.ok()?;
    let regex = expression(pattern).ok()?;
    let text = |node: &'n Node| if key.is_empty() { Some(text_of(node)) } else { node.get(key).map(text_of) };
    node.as_sequence()?.iter().find(|node| text(node).is_some_and(|text| regex.is_match(text)))
}

/// The parts that may be meant in a map, and how many parts behind this one they stand for too.
fn in_map(map: &Mapping, part: &str, rest: &[String]) -> Option<(Vec<String>, usize)> {
    // `containers[0]` is one name.
    if let Some((name, element)) = part.split_once('[').filter(|(name, _)| map.get(name).is_some()) {
        let element = format!("[{element}");
        let element = if element.contains('=') { element } else { closed(&element) };
        return Some((vec![name.to_owned(), element], 0));
    }
    // A dot divides a path, unless brackets hold it.
    let longest = map.iter().map(|(key, _)| key.len()).max().unwrap_or_default();
    let mut whole = part.to_owned();
    for (index, part) in rest.iter().enumerate() {
        whole.push('.');
        whole.push_str(part);
        if whole.len() > longest {
            break;
        }
        if map.get(&whole).is_some() {
            return Some((vec![whole], index + 1));
        }
    }
    near_key(part, &map.entries).map(|near| (vec![near.to_owned()], 0))
}

/// The parts that may be meant in a list.
fn in_list(list: &[Node], part: &str) -> Option<Vec<String>> {
    let texts =
        |key: &str| -> Vec<&Text> { list.iter().take(MOST).filter_map(|node| node.get(key)).map(text_of).collect() };
    if let Some(condition) = condition(part) {
        let (key, wanted) = condition.ok().filter(|(key, _)| !key.is_empty())?;
        let near = nearest(wanted, texts(key).into_iter().map(Text::as_str))?;
        return Some(vec![format!("[{key}={near}]")]);
    }
    if is_element(part) || part == "*" {
        return None;
    }
    if texts("name").into_iter().any(|name| name == part) {
        return Some(vec![format!("[name={part}]")]);
    }
    // A field of the elements.
    match list {
        [only] => only.get(part).map(|_| vec!["0".to_owned(), part.to_owned()]),
        _ => None,
    }
}

fn there_is(list: &[Node], part: &str) -> String {
    let key = condition(part).and_then(Result::ok).map_or("name", |(key, _)| key);
    let texts = list.iter().take(MOST).filter_map(|node| if key.is_empty() { Some(node) } else { node.get(key) });
    let elements: Vec<String> =
        texts.filter(|node| node.as_scalar().is_some()).map(|node| format!("[{key}={}]", text_of(node))).collect();
    match (list.len(), elements.is_empty()) {
        (0, _) => "the list is empty".to_owned(),
        (len, true) => format!("write the number of an element, `0` to `{}`", len - 1),
        (len, false) => {
            let more = if len > MOST { ", …" } else { "" };
            format!("there is {}{more}", listed(&elements))
        }
    }
}

fn there_are<'k>(keys: impl Iterator<Item = &'k str>) -> Option<String> {
    let keys: Vec<&str> = keys.take(MOST + 1).collect();
    let more = if keys.len() > MOST { ", …" } else { "" };
    (!keys.is_empty()).then(|| format!("there is {}{more}", listed(&keys[..keys.len().min(MOST)])))
}

/// A part as a path has it.
fn written(part: &str) -> String {
    if part.contains('.') && !part.starts_with('[') { format!("[{part}]") } else { part.to_owned() }
}

#[cfg(test)]
mod tests {
    use stack_krm::yaml::{Limits, read};

    use super::super::path::parts;
    use super::help;

    #[test]
    fn a_path_that_leads_nowhere_leads_to_one_that_may_be_meant() {
        let object = "{metadata: {labels: {app.io/a: b}}, spec: {replicas: 1, c: [{name: db, image: x}, {name: web, image: y}], \
                      one: [{name: web, image: x}], args: [x], none: []}}";
        let object = read(object, &Limits::default()).unwrap().remove(0).root;
        for (path, meant) in [
            ("spec.replcas", "did you mean `spec.replicas`?"),
            ("spec/replicas", "did you mean `spec.replicas`?"),
            ("spec.c[0].image", "did you mean `spec.c.0.image`?"),
            ("spec.c[name=web].image", "did you mean `spec.c.[name=web].image`?"),
            ("spec.c.[name=wbe].image", "did you mean `spec.c.[name=web].image`?"),
            ("spec.c.[name=cache].image", "there is `[name=db]`, `[name=web]`"),
            ("spec.c.web.image", "did you mean `spec.c.[name=web].image`?"),
            ("spec.c.image", "there is `[name=db]`, `[name=web]`"),
            ("spec.one.image", "did you mean `spec.one.0.image`?"),
            ("spec.args.[=y]", "there is `[=x]`"),
            ("spec.args.7", "write the number of an element, `0` to `0`"),
            ("spec.none.0", "the list is empty"),
            ("metadata.labels.app.io/a", "did you mean `metadata.labels.[app.io/a]`?"),
            ("spec.other", "mend the path, or let it be made with `options.create: true`"),
        ] {
            assert_eq!(help(&object, path, &parts(path), true).unwrap(), meant, "{path}");
        }
        assert_eq!(help(&object, "metadata.other", &parts("metadata.other"), false).unwrap(), "there is `labels`");
        assert_eq!(help(&object, "spec.replicas", &parts("spec.replicas"), false), None);
    }
}
