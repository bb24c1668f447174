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
    let mut metadata = map! {"name": if dice.fault_in(20) { dice.pick(&NAMES) } else { known.name() }};
    if !known.namespace().is_empty() {
        metadata.set("namespace", known.namespace());
    }
    if dice.one_in(5) {
        metadata.set("labels", if dice.fault_in(4) { leaf(dice) } else { labels(dice) });
    }
    if dice.one_in(6) {
        metadata.set("annotations", map! {"note": leaf(dice), "new": "x"});
    }
    // What takes all annotations away takes what kustomize keeps there.
    if dice.one_in(30) {
        let gone = Value::Plain("null".to_owned());
        let all = if dice.one_in(2) {
            gone
        } else {
            map! {"$patch": dice.pick(&["delete", "replace"]), "new": "x"}
        };
        metadata.set("annotations", all);
    }
    patch.set("metadata", metadata);
    if dice.one_in(40) {
        patch.set("$patch", if dice.fault_in(3) { "other" } else { dice.pick(&["delete", "replace", "merge"]) });
    }
    if let Value::Map(entries) = &known.value {
        for (key, value) in
            entries.iter().filter(|(key, _)| !matches!(key.as_str(), "apiVersion" | "kind" | "metadata"))
        {
            patch.set(key, part(dice, value));
        }
    }
    patch
}

/// A scalar, or a null.
fn leaf(dice: &mut Dice) -> Value {
    if dice.one_in(5) { Value::Plain("null".to_owned()) } else { odd(dice) }
}

/// A part of a value, changed in places.
fn part(dice: &mut Dice, value: &Value) -> Value {
    match value {
        _ if dice.fault_in(25) => leaf(dice),
        _ if dice.one_in(40) => Value::Plain("null".to_owned()),
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
                let is_of_maps = matches!(values.first(), Some(Value::Map(_)));
                let new = if is_of_maps && !dice.fault_in(4) { like(dice, values) } else { leaf(dice) };
                patch.insert(dice.up_to(patch.len()), new);
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

/// A new element for a list of maps, of their kind as far as it is known by its fields.
fn like(dice: &mut Dice, values: &[Value]) -> Value {
    let has = |field| values.iter().any(|value| value.get(field).is_some());
    if has("image") {
        container(dice)
    } else if has("containerPort") {
        port(dice, "containerPort")
    } else if has("port") {
        port(dice, "port")
    } else if has("value") || has("valueFrom") {
        variable(dice)
    } else if has("emptyDir") || has("secret") || has("configMap") {
        volume(dice)
    } else {
        values.first().cloned().unwrap_or_else(|| leaf(dice))
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
        if dice.fault_in(6) {
            return steps;
        }
    }
}

/// What stands at the end of some steps.
pub(crate) fn at<'v>(value: &'v Value, steps: &[String]) -> Option<&'v Value> {
    steps.iter().try_fold(value, |value, step| match value {
        Value::List(values) => values.get(step.parse::<usize>().ok()?),
        value => value.get(step),
    })
}

/// Steps as a JSON pointer.
fn written(steps: &[String]) -> String {
    steps.iter().map(|step| format!("/{}", step.replace('~', "~0").replace('/', "~1"))).collect()
}

/// An operation that the object allows, as long as nothing has changed what it means.
fn fitting(dice: &mut Dice, op: &str, known: &Known) -> Option<Value> {
    let mut steps = path(dice, &known.value);
    let value = at(&known.value, &steps)?.clone();
    // Without them an object is none, and a list of names is one of maps to no builder.
    if steps.len() < 2 || steps[0] == "metadata" && matches!(steps[1].as_str(), "name" | "namespace") {
        return None;
    }
    let place = written(&steps);
    let last = steps.pop()?;
    let new = match at(&known.value, &steps)? {
        Value::List(_) => dice.pick(&["-", "0", "-1"]).to_owned(),
        _ if steps == ["metadata"] => return None,
        _ if dice.one_in(3) => last,
        _ => dice.pick(&["new", "a/b", "x~y"]).to_owned(),
    };
    steps.push(new);
    let new = written(&steps);
    let is_text = matches!(value, Value::Text(_));
    match op {
        "add" => Some(map! {"op": op, "path": new, "value": if is_text { odd(dice) } else { value }}),
        "replace" => Some(map! {"op": op, "path": place, "value": if is_text { odd(dice) } else { value }}),
        "test" if is_text => Some(map! {"op": op, "path": place, "value": value}),
        "copy" => Some(map! {"op": op, "from": place, "path": new}),
        "remove" if dice.one_in(2) => Some(map! {"op": op, "path": place}),
        "move" if dice.one_in(2) => Some(map! {"op": op, "from": place, "path": new}),
        _ => None,
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
        if dice.fault_in(4) {
            steps.pop();
            steps.push(dice.pick(&["-", "0", "new", "-1", "a/b", "9"]).to_owned());
        }
        written(&steps)
    };
    let mut operations = Vec::new();
    for _ in 0..=dice.up_to(2) {
        let op = dice.pick(&["add", "add", "replace", "replace", "replace", "remove", "test", "copy", "move", "other"]);
        if op == "other" && !dice.fault_in(4) {
            continue;
        }
        if !dice.fault_in(2) {
            operations.extend(fitting(dice, op, known));
            continue;
        }
        let mut operation = map! {"op": op, "path": pointer(dice)};
        match op {
            "add" | "replace" if dice.one_in(12) => {}
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
    Value::List(operations)
}

/// A selector of an object, and of no other.
pub(crate) fn exact(known: &Known) -> Value {
    let (group, version) = known.group_and_version();
    let mut target = map! {"kind": known.kind(), "version": version, "name": known.name().replace('.', "[.]")};
    for (field, value) in [("group", group), ("namespace", known.namespace())] {
        if !value.is_empty() {
            target.set(field, value);
        }
    }
    target
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
            dice.pick(&["app=web", "app", "!app", "tier!=db", "app in (web,db)", "env notin (x)", "app=web,tier"]);
        let selector = if dice.fault_in(4) { dice.pick(&[",", "app=a b", "app in (web,,)"]) } else { selector };
        target.set(dice.pick(&["labelSelector", "annotationSelector"]), selector);
    }
    target
}
