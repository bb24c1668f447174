//! Random changes of known objects.

use super::Dice;
use super::objects::{Known, NAMES, container, labels, port, variable, volume};
use super::scalars::odd;
use super::yaml::{Value, map};

/// Fields by which lists of maps are merged.
const KEYS: [&str; 9] =
    ["name", "containerPort", "port", "protocol", "mountPath", "ip", "topologyKey", "whenUnsatisfiable", "devicePath"];

/// A strategic merge patch of an object; it names it rightly, mostly.
pub(crate) fn merge(dice: &mut Dice, known: &Known) -> Value {
    let mut patch = map! {"apiVersion": known.api_version(), "kind": known.kind()};
    let mut metadata = map! {"name": if dice.one_in(60) { dice.pick(&NAMES) } else { known.name() }};
    if !known.namespace().is_empty() {
        metadata.set("namespace", known.namespace());
    }
    if dice.one_in(5) {
        metadata.set("labels", if dice.one_in(4) { leaf(dice) } else { labels(dice) });
    }
    if dice.one_in(6) {
        metadata.set("annotations", map! {"note": leaf(dice), "new": "x"});
    }
    patch.set("metadata", metadata);
    if dice.one_in(40) {
        patch.set("$patch", dice.pick(&["delete", "replace", "merge", "other"]));
    }
    if let Value::Map(entries) = &known.value {
        for (key, value) in
            entries.iter().filter(|(key, _)| !matches!(key.as_str(), "apiVersion" | "kind" | "metadata"))
        {
            patch.set(key, part(dice, value));
        }
    }
    written_out(patch)
}

/// Nulls as words. Written as nothing at all, they would be empty texts where the object stands in braces.
fn written_out(value: Value) -> Value {
    match value {
        Value::Plain(text) if text.is_empty() => Value::Plain("null".to_owned()),
        Value::List(values) => Value::List(values.into_iter().map(written_out).collect()),
        Value::Map(entries) => Value::Map(entries.into_iter().map(|(key, value)| (key, written_out(value))).collect()),
        scalar => scalar,
    }
}

/// A scalar, or a null.
fn leaf(dice: &mut Dice) -> Value {
    if dice.one_in(5) { Value::Plain("null".to_owned()) } else { odd(dice) }
}

/// A part of a value, changed in places.
fn part(dice: &mut Dice, value: &Value) -> Value {
    match value {
        _ if dice.one_in(25) => leaf(dice),
        Value::Plain(_) | Value::Text(_) => leaf(dice),
        Value::Map(entries) => {
            let mut patch = map! {};
            for (key, value) in entries {
                if dice.one_in(2) {
                    patch.set(key, part(dice, value));
                }
            }
            if dice.one_in(8) {
                patch.set(dice.pick(&["new", "extra", "replicas"]), leaf(dice));
            }
            if dice.one_in(40) {
                patch.set("$patch", dice.pick(&["delete", "replace", "merge"]));
            }
            if dice.one_in(60) {
                patch.set("$retainKeys", vec!["type"]);
            }
            patch
        }
        Value::List(values) => {
            let mut patch = Vec::new();
            for value in values {
                match value {
                    Value::Map(_) if dice.one_in(2) => patch.push(element(dice, value)),
                    Value::Map(_) => {}
                    _ => patch.push(if dice.one_in(2) { value.clone() } else { leaf(dice) }),
                }
            }
            if dice.one_in(3) {
                patch.insert(dice.up_to(patch.len()), fresh(dice));
            }
            if dice.one_in(30) {
                patch.push(map! {"$patch": dice.pick(&["replace", "delete"])});
            }
            Value::List(patch)
        }
    }
}

/// An element of a list: its keys, and some of the rest.
fn element(dice: &mut Dice, value: &Value) -> Value {
    let mut patch = part(dice, value);
    if let (Value::Map(entries), Value::Map(_)) = (value, &patch) {
        for (key, value) in entries.iter().filter(|(key, _)| KEYS.contains(&key.as_str())) {
            if !dice.one_in(12) {
                patch.set(key, value.clone());
            }
        }
        if dice.one_in(12) {
            patch.set("$patch", "delete");
        }
    }
    patch
}

fn fresh(dice: &mut Dice) -> Value {
    match dice.up_to(5) {
        0 => container(dice),
        1 => variable(dice),
        2 => volume(dice),
        3 => port(dice, "containerPort"),
        4 => port(dice, "port"),
        _ => leaf(dice),
    }
}

/// The steps to some place in a value.
pub(crate) fn path(dice: &mut Dice, value: &Value) -> Vec<String> {
    let mut steps = Vec::new();
    let mut at = value;
    loop {
        let next = match at {
            // A name for another kind of object would be a fault of the tree, not of a builder.
            Value::Map(entries) if steps.is_empty() => {
                let entries = entries.get(2..).filter(|rest| !rest.is_empty()).unwrap_or(entries);
                dice.choose(entries).map(|(key, value)| (key.clone(), value))
            }
            Value::Map(entries) => dice.choose(entries).map(|(key, value)| (key.clone(), value)),
            Value::List(values) if !values.is_empty() => {
                let index = dice.up_to(values.len() - 1);
                Some((index.to_string(), &values[index]))
            }
            _ => None,
        };
        let Some((step, value)) = next else { return steps };
        steps.push(step);
        at = value;
        if dice.one_in(6) {
            return steps;
        }
    }
}

/// A list of JSON 6902 operations.
pub(crate) fn json(dice: &mut Dice, known: &Known) -> Value {
    let pointer = |dice: &mut Dice| -> String {
        let mut steps = path(dice, &known.value);
        // The annotations include those that kustomize keeps for itself.
        if steps == ["metadata"] || steps == ["metadata", "annotations"] {
            steps = vec!["metadata".to_owned(), "labels".to_owned()];
        }
        if dice.one_in(4) {
            steps.pop();
            steps.push(dice.pick(&["-", "0", "new", "-1", "a/b", "9"]).to_owned());
        }
        steps.iter().map(|step| format!("/{}", step.replace('~', "~0").replace('/', "~1"))).collect()
    };
    let mut operations = Vec::new();
    for _ in 0..=dice.up_to(2) {
        let op = dice.pick(&["add", "add", "replace", "replace", "replace", "remove", "test", "copy", "move", "other"]);
        if op == "other" && !dice.one_in(10) {
            continue;
        }
        let mut operation = map! {"op": op, "path": pointer(dice)};
        match op {
            "add" | "replace" | "test" => {
                operation.set("value", if dice.one_in(4) { labels(dice) } else { odd(dice) });
            }
            "copy" | "move" => operation.set("from", pointer(dice)),
            _ => {}
        }
        operations.push(operation);
    }
    if operations.is_empty() {
        operations.push(map! {"op": "test", "path": "/kind", "value": known.kind()});
    }
    written_out(Value::List(operations))
}

/// A selector of an object, and of some others perhaps.
pub(crate) fn target(dice: &mut Dice, known: &Known) -> Value {
    let (group, version) = known.group_and_version();
    let mut target = map! {};
    if !dice.one_in(4) {
        let is_pattern = dice.one_in(8);
        target.set(
            "kind",
            if is_pattern { dice.pick(&["Deploy.*", "Deployment|Service", ".*", "[A-Z]+.*"]) } else { known.kind() },
        );
    }
    if !dice.one_in(3) {
        target.set(
            "name",
            if dice.one_in(6) { dice.pick(&["app.*", "a|b", "web$", "^db", "a.b"]) } else { known.name() },
        );
    }
    if dice.one_in(5) {
        target.set("version", version);
    }
    if dice.one_in(5) && !group.is_empty() {
        target.set("group", group);
    }
    if dice.one_in(8) {
        target.set("namespace", if known.namespace().is_empty() { "default" } else { known.namespace() });
    }
    if dice.one_in(8) {
        let selector =
            dice.pick(&["app=web", "app", "!app", "tier!=db", "app in (web,db)", "env notin (x)", "app=web,tier", ","]);
        target.set(dice.pick(&["labelSelector", "annotationSelector"]), selector);
    }
    target
}
