//! Random configurations of built-in plugins.
#![expect(clippy::unnecessary_wraps, reason = "tables hold functions of one type")]

use super::Dice;
use super::copies::replacement;
use super::fields::{MAP_PATHS, VALUE_PATHS, field_spec, generator_args, image, patch};
use super::objects::{NAMES, NAMESPACES, annotations, labels};
use super::patches::{exact, json, merge, path, target};
use super::tree::Folder;
use super::yaml::{Value, map, stream};

type Make = fn(&mut Dice, &mut Folder) -> Option<Value>;

/// Files with plugins in them, or texts.
pub(crate) fn files(dice: &mut Dice, folder: &mut Folder, make: Make) -> Option<Value> {
    let mut entries = Vec::new();
    for _ in 0..=dice.up_to(1) {
        let mut config = make(dice, folder)?;
        let count = folder.number();
        if config.get("metadata").is_none() {
            config.set("metadata", map! {"name": format!("plugin-{count}-{}", entries.len())});
        }
        let text = stream(&[config], dice);
        entries.push(if dice.one_in(3) { text } else { folder.file(dice, "plugin", &text) });
    }
    Some(entries.into())
}

fn specs(dice: &mut Dice, usual: &str) -> Value {
    let mut specs = vec![map! {"path": usual, "create": true}];
    if dice.one_in(3) {
        specs.push(field_spec(dice, if usual.ends_with('s') { &MAP_PATHS } else { &VALUE_PATHS }));
    }
    Value::List(specs)
}

fn plugin(kind: &str, rest: Value) -> Value {
    let mut config = map! {"apiVersion": "builtin", "kind": kind};
    if let (Value::Map(config), Value::Map(rest)) = (&mut config, rest) {
        config.extend(rest);
    }
    config
}

pub(crate) fn transformer(dice: &mut Dice, folder: &mut Folder) -> Option<Value> {
    let kind = dice.up_to(12);
    of_kind(kind, dice, folder)
}

fn of_kind(kind: usize, dice: &mut Dice, folder: &mut Folder) -> Option<Value> {
    Some(match kind {
        0 => plugin(
            "AnnotationsTransformer",
            map! {"annotations": texts(annotations(dice)), "fieldSpecs": specs(dice, "metadata/annotations")},
        ),
        1 => plugin(
            "LabelTransformer",
            map! {"labels": texts(labels(dice)), "fieldSpecs": specs(dice, "metadata/labels")},
        ),
        2 => plugin(
            "ImageTagTransformer",
            map! {"imageTag": image(dice), "fieldSpecs": specs(dice, "spec/containers[]/image")},
        ),
        3 => {
            let mut config = plugin("NamespaceTransformer", map! {"fieldSpecs": specs(dice, "metadata/namespace")});
            config.set(
                "metadata",
                map! {"name": format!("plugin-{}-namespace", folder.number()), "namespace": dice.pick(&NAMESPACES)},
            );
            if dice.one_in(2) {
                config.set("unsetOnly", dice.one_in(2));
            }
            if dice.one_in(2) {
                config.set("setRoleBindingSubjects", dice.pick(&["defaultOnly", "allServiceAccounts", "none"]));
            }
            config
        }
        4 => plugin("PrefixTransformer", map! {"prefix": "pre-", "fieldSpecs": specs(dice, "metadata/name")}),
        5 => plugin("SuffixTransformer", map! {"suffix": "-post", "fieldSpecs": specs(dice, "metadata/name")}),
        6 => {
            let mut patch = patch(dice, folder)?;
            if let Value::Map(entries) = &mut patch
                && !dice.fault_in(2)
            {
                entries.retain(|(field, _)| field != "options");
            }
            plugin("PatchTransformer", patch)
        }
        7 => {
            let known = folder.pick(dice)?;
            let mut config = map! {"target": if dice.fault_in(2) { target(dice, &known) } else { exact(&known) }};
            config.set("jsonOp", stream(&[json(dice, &known)], dice));
            plugin("PatchJson6902Transformer", config)
        }
        8 => {
            let known = folder.pick(dice)?;
            plugin("PatchStrategicMergeTransformer", map! {"patches": stream(&[merge(dice, &known)], dice)})
        }
        9 => plugin("ReplacementTransformer", map! {"replacements": vec![replacement(dice, folder)?]}),
        10 => {
            let known = folder.pick(dice)?;
            plugin(
                "ReplicaCountTransformer",
                map! {
                    "replica": map! {"name": known.name(), "count": 3},
                    "fieldSpecs": vec![map! {"path": "spec/replicas", "create": true, "kind": known.kind()}],
                },
            )
        }
        11 => {
            let known = folder.pick(dice)?;
            let mut target = map! {"fieldPath": path(dice, &known.value).join("/")};
            if dice.one_in(2) {
                target.set("selector", map! {"kind": known.kind()});
            }
            if dice.one_in(2) {
                target.set("filePathPosition", *dice.choose(&[1, 2, 3]).unwrap_or(&1));
            }
            plugin("ValueAddTransformer", map! {"value": dice.pick(&NAMES), "targets": vec![target]})
        }
        _ => plugin("HashTransformer", map! {}),
    })
}

fn texts(mut pairs: Value) -> Value {
    if let Value::Map(entries) = &mut pairs {
        for (_, value) in entries {
            *value = Value::Text(value.text().to_owned());
        }
    }
    pairs
}

pub(crate) fn generator(dice: &mut Dice, folder: &mut Folder) -> Option<Value> {
    let is_secret = dice.one_in(3);
    Some(plugin(
        if is_secret { "SecretGenerator" } else { "ConfigMapGenerator" },
        generator_args(dice, folder, is_secret),
    ))
}

/// A transformer that changes nothing passes as a validator.
pub(crate) fn validator(dice: &mut Dice, folder: &mut Folder) -> Option<Value> {
    if dice.one_in(6) {
        let (kind, field) = *dice.choose(&[(0, "annotations"), (1, "labels")]).unwrap_or(&(0, "annotations"));
        let mut config = of_kind(kind, dice, folder)?;
        // To kustomize, a value that is written once more is another one, mostly; so it is one that was not there.
        config.set(field, map! {"checked": "x"});
        return Some(config);
    }
    Some(plugin(
        "LabelTransformer",
        map! {"labels": map! {"a": "b"}, "fieldSpecs": vec![map! {"path": "spec/nowhere"}]},
    ))
}
