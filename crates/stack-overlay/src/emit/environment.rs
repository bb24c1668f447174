use std::collections::BTreeMap;

use indexmap::IndexMap;
use stack_krm::yaml::{Node, Value};
use stack_kustomize::{ConfigMapArgs, Image, Kustomization, Label, Replica};
use stack_model::plan::Plan;
use stack_model::{CheckedStack, Made, Naming, Object, ServiceId};
use stack_source::{FileTree, Report, TreePath};

use super::base::NAME_REFERENCE;
use super::change::{self, Change};
use super::{BASE, CheckedEnvironment, Emitted, OVERLAYS, file, generator, local, name_reference, patch, put, raw};

pub(super) fn emit(base: &CheckedStack, environment: &CheckedEnvironment, emitted: &mut Emitted, report: &mut Report) {
    let stack = &environment.stack;
    let Some(name) = &stack.stack().environment.name else { return };
    let home = format!("{OVERLAYS}/{name}");
    let tree = &mut emitted.tree;
    let decided = &stack.stack().environment;
    let mut kustomization = Kustomization {
        namespace: decided.namespace.as_ref().map(ToString::to_string).unwrap_or_default(),
        name_prefix: decided.prefix.clone(),
        name_suffix: decided.suffix.clone(),
        resources: vec![relative(&home, BASE)],
        ..Kustomization::new()
    };
    if !decided.labels.is_empty() {
        kustomization.labels.push(Label { pairs: decided.labels.clone(), ..Label::default() });
    }
    let mut before = base.objects(Naming::Plain);
    let after = stack.objects(Naming::Plain);
    kustomization.images = images(base, stack, &mut before);
    kustomization.replicas = replicas(&mut before, &after);
    let changes = changes(&before, &after);
    kustomization.patches = patch::write(&changes, &home, tree);
    added(&before, &after, &home, &mut kustomization, tree);
    generated(&before, &after, stack, &home, &mut kustomization, tree);
    if let Some(references) = name_reference::overlay(&before, &after) {
        kustomization.configurations.push(NAME_REFERENCE.to_owned());
        put(tree, &format!("{home}/{NAME_REFERENCE}"), &file::arranged(&references));
    }
    for (number, patch) in environment.patches.iter().enumerate() {
        kustomization.patches.extend(raw::write(patch, number + 1, &after, &home, tree, report));
    }
    put(tree, &format!("{home}/kustomization.yaml"), &file::arranged(&kustomization.to_node()));
    local::emit(environment, name.as_str(), emitted);
}

fn relative(from: &str, to: &str) -> String {
    match (TreePath::new(from), TreePath::new(to)) {
        (Ok(from), Ok(to)) => from.to(&to),
        _ => to.to_owned(),
    }
}

fn id(object: &Object) -> (&str, &str) {
    (generator::kind(&object.node), generator::name(&object.node))
}

fn by_id(objects: &[Object]) -> BTreeMap<(&str, &str), &Object> {
    objects.iter().map(|object| (id(object), object)).collect()
}

/// Built images get their registry and tag by Kustomize's own field, which leaves Skaffold's names alone in development.
fn images(base: &CheckedStack, stack: &CheckedStack, objects: &mut [Object]) -> Vec<Image> {
    let mut renamed: IndexMap<String, String> = IndexMap::new();
    let mut images = Vec::new();
    let plans: BTreeMap<&ServiceId, &Plan> = stack.plans().iter().map(|plan| (&plan.id, plan)).collect();
    for plan in base.plans() {
        let Some(there) = plans.get(&plan.id) else { continue };
        if plan.image == there.image || renamed.contains_key(&plan.image.to_string()) {
            continue;
        }
        let same = |other: &Plan| {
            other.image.name() != plan.image.name()
                || plans.get(&other.id).is_some_and(|theirs| theirs.image == there.image)
        };
        if !base.plans().iter().all(same) {
            continue;
        }
        let new_name = if plan.image.name() == there.image.name() { "" } else { there.image.name() };
        images.push(Image {
            name: plan.image.name().to_owned(),
            new_name: new_name.to_owned(),
            new_tag: there.image.tag().unwrap_or_default().to_owned(),
            digest: there.image.digest().unwrap_or_default().to_owned(),
            ..Image::default()
        });
        renamed.insert(plan.image.to_string(), there.image.to_string());
    }
    for object in objects {
        rename_images(&mut object.node, &renamed);
    }
    images
}

fn rename_images(node: &mut Node, renamed: &IndexMap<String, String>) {
    match &mut node.value {
        Value::Scalar(_) => {}
        Value::Sequence(nodes) => nodes.iter_mut().for_each(|node| rename_images(node, renamed)),
        Value::Mapping(mapping) => {
            for entry in &mut mapping.entries {
                match entry
                    .value
                    .as_str()
                    .filter(|_| entry.key.as_str() == "image")
                    .and_then(|image| renamed.get(image))
                {
                    Some(image) => entry.value = Node::string(image),
                    None => rename_images(&mut entry.value, renamed),
                }
            }
        }
    }
}

/// Other numbers of pods, by Kustomize's own field.
fn replicas(before: &mut [Object], after: &[Object]) -> Vec<Replica> {
    let mut replicas = Vec::new();
    let after = by_id(after);
    for object in before {
        let there = after.get(&id(object)).and_then(|other| other.node.at(["spec", "replicas"]));
        let name = generator::name(&object.node).to_owned();
        if let (Some(there), Some(here)) =
            (there, object.node.get_mut("spec").and_then(|spec| spec.get_mut("replicas")))
            && here != there
        {
            replicas.push(Replica { name, count: there.as_scalar().and_then(|count| count.text.parse().ok()) });
            *here = there.clone();
        }
    }
    replicas
}

fn changes<'a>(before: &'a [Object], after: &[Object]) -> Vec<Change<'a>> {
    let there = by_id(after);
    let mut changes = Vec::new();
    for object in before {
        match there.get(&id(object)) {
            None => changes.push(change::deleted(&object.node)),
            Some(other) if object.made == Made::Written && other.made == Made::Written => {
                changes.extend(change::changed(&object.node, &other.node));
            }
            Some(_) => {}
        }
    }
    changes
}

/// Objects that only this environment has, each in the file of its service.
fn added(before: &[Object], after: &[Object], home: &str, kustomization: &mut Kustomization, tree: &mut FileTree) {
    let mut files: IndexMap<String, Vec<&Node>> = IndexMap::new();
    let before = by_id(before);
    for object in after.iter().filter(|object| object.made == Made::Written) {
        if !before.contains_key(&id(object)) {
            let file = object.service.as_ref().map_or_else(|| "secrets".to_owned(), ToString::to_string);
            files.entry(format!("{file}.yaml")).or_default().push(&object.node);
        }
    }
    for (name, nodes) in files {
        put(tree, &format!("{home}/{name}"), &file::documents(nodes));
        kustomization.resources.push(name);
    }
}

/// Secrets whose values stand in the overlay, and files whose text is another one here.
fn generated(
    before: &[Object],
    after: &[Object],
    stack: &CheckedStack,
    home: &str,
    kustomization: &mut Kustomization,
    tree: &mut FileTree,
) {
    let before = by_id(before);
    let known = |object: &Object| before.get(&id(object)).copied();
    let differs = |object: &&Object| match &object.made {
        Made::Written => false,
        Made::OfLiterals => true,
        Made::OfFolder { .. } | Made::OfTexts | Made::OfVariables => {
            known(object).is_none_or(|known| known.node != object.node)
        }
    };
    let generated: Vec<&Object> = after.iter().filter(differs).collect();
    kustomization.generator_options = generator::options(&generated);
    for object in generated {
        if object.made == Made::OfLiterals {
            kustomization.secret_generator.push(generator::of_literals(object, stack, home, tree));
        } else {
            let behavior = if known(object).is_some() { "replace" } else { "" }.to_owned();
            let arguments = ConfigMapArgs { behavior, ..generator::config_map(object, home, tree) };
            kustomization.config_map_generator.push(arguments);
        }
    }
}
