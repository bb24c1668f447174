//! Random values that are copied from one object to others: `replacements` and `vars`.

use super::Dice;
use super::objects::Known;
use super::patches::path;
use super::tree::Folder;
use super::yaml::{Value, map, stream};

/// A path of a replacement: divided by dots, elements by index, by key or all.
fn field_path(dice: &mut Dice, value: &Value, is_source: bool) -> String {
    let mut out = Vec::new();
    let mut at = Some(value);
    for step in path(dice, value) {
        let next = match at {
            Some(Value::List(values)) => {
                let element = step.parse().ok().and_then(|index: usize| values.get(index));
                let name =
                    element.and_then(|element| element.get("name")).map(Value::text).filter(|name| !name.is_empty());
                out.push(match name {
                    Some(name) if dice.one_in(2) => format!("[name={name}]"),
                    _ if (!is_source || dice.fault_in(4)) && dice.one_in(3) => "*".to_owned(),
                    _ => step,
                });
                element
            }
            Some(map) => {
                let next = map.get(&step);
                out.push(if dice.one_in(2) && step.contains('.') {
                    format!("[{step}]")
                } else {
                    step.replace('.', "\\.")
                });
                next
            }
            None => None,
        };
        at = next;
    }
    if dice.fault_in(8) {
        out.push(dice.pick(&["new", "0", "name", "*", "[name=x]", "9"]).to_owned());
    }
    out.join(".")
}

fn selector(dice: &mut Dice, known: &Known) -> Value {
    let (group, version) = known.group_and_version();
    let mut selector = map! {"kind": known.kind()};
    if !dice.fault_in(6) {
        selector.set("name", known.name());
    }
    if dice.one_in(5) && !group.is_empty() {
        selector.set("group", group);
    }
    if dice.one_in(5) {
        selector.set("version", version);
    }
    if !known.namespace().is_empty() && !dice.fault_in(2) {
        selector.set("namespace", known.namespace());
    }
    selector
}

fn options(dice: &mut Dice, can_create: bool) -> Value {
    let mut options = map! {};
    if dice.one_in(2) {
        options.set("delimiter", dice.pick(&["/", ":", "-", ".", "="]));
        options.set(
            "index",
            if !can_create && !dice.fault_in(2) { 0 } else { *dice.choose(&[0, 0, 1, 2, -1]).unwrap_or(&0) },
        );
    }
    if can_create && dice.one_in(2) {
        options.set("create", true);
    }
    options
}

pub(crate) fn replacement(dice: &mut Dice, folder: &mut Folder) -> Option<Value> {
    let (from, to) = (folder.pick(dice)?, folder.pick(dice)?);
    let mut source = selector(dice, &from);
    if dice.one_in(2) {
        let path = field_path(dice, &from.value, true);
        // What lies below a map of annotations includes those that kustomize keeps for itself.
        let is_whole = matches!(path.as_str(), "metadata" | "metadata.annotations");
        source.set("fieldPath", if is_whole { "metadata.name".to_owned() } else { path });
    }
    if dice.one_in(4) {
        source.set("options", options(dice, false));
    }
    let mut target = map! {"select": selector(dice, &to)};
    if !dice.one_in(12) {
        target.set("fieldPaths", (0..=dice.up_to(1)).map(|_| field_path(dice, &to.value, false)).collect::<Vec<_>>());
    }
    if dice.one_in(8) {
        // What is made has no type until something else is done to the object.
        let made = dice.pick(&["spec.made", "spec.made.inside", "metadata.labels.made", "data.made"]);
        target.set("fieldPaths", vec![made.to_owned()]);
        target.set("options", map! {"create": true});
    } else if dice.one_in(3) {
        target.set("options", options(dice, true));
    }
    if dice.one_in(6) {
        target.set("reject", vec![selector(dice, &from)]);
    }
    Some(map! {"source": source, "targets": vec![target]})
}

pub(crate) fn replacements(dice: &mut Dice, folder: &mut Folder) -> Option<Value> {
    let mut all: Vec<Value> = Vec::new();
    for _ in 0..=dice.up_to(1) {
        let replacement = replacement(dice, folder)?;
        if dice.one_in(5) {
            let text = stream(&[if dice.one_in(2) { replacement } else { vec![replacement].into() }], dice);
            all.push(map! {"path": folder.file(dice, "replacement", &text)});
        } else {
            all.push(replacement);
        }
    }
    Some(Value::List(all))
}

pub(crate) fn variables(dice: &mut Dice, folder: &mut Folder) -> Option<Value> {
    let known = folder.pick(dice)?;
    let mut reference = map! {"apiVersion": known.api_version(), "kind": known.kind(), "name": known.name()};
    if !known.namespace().is_empty() && dice.one_in(2) {
        reference.set("namespace", known.namespace());
    }
    let mut variable = map! {"name": dice.pick(&["FOO", "BAR"]), "objref": reference};
    if dice.one_in(2) {
        variable.set("fieldref", map! {"fieldpath": path(dice, &known.value).iter().map(|step| step.replace('.', "\\.")).collect::<Vec<_>>().join(".")});
    }
    Some(vec![variable].into())
}
