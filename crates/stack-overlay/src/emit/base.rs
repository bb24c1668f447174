use std::collections::BTreeMap;

use stack_krm::yaml::Node;
use stack_kustomize::Kustomization;
use stack_model::{CheckedStack, Made, Naming, Object, ServiceId};
use stack_source::{FileTree, TreePath};

use super::{BASE, file, generator, name_reference, put};

/// The file of what belongs to the whole stack.
const STACK_FILE: &str = "network-policy.yaml";
pub(super) const NAME_REFERENCE: &str = "name-reference.yaml";

pub(super) fn emit(stack: &CheckedStack, tree: &mut FileTree) {
    let objects = stack.objects(Naming::Plain);
    let mut kustomization = Kustomization::new();
    let mut by_service: BTreeMap<Option<&ServiceId>, Vec<&Node>> = BTreeMap::new();
    for object in objects.iter().filter(|object| object.made == Made::Written) {
        by_service.entry(object.service.as_ref()).or_default().push(&object.node);
    }
    for service in in_start_order(stack) {
        if let Some(nodes) = by_service.get(&Some(service)) {
            let name = format!("{service}.yaml");
            put(tree, &format!("{BASE}/{name}"), &file::documents(nodes.iter().copied()));
            kustomization.resources.push(name);
        }
    }
    if let Some(nodes) = by_service.get(&None) {
        put(tree, &format!("{BASE}/{STACK_FILE}"), &file::documents(nodes.iter().copied()));
        kustomization.resources.push(STACK_FILE.to_owned());
    }
    folders(&objects, &mut kustomization, tree);
    let written_here = |object: &&Object| match &object.made {
        Made::OfTexts | Made::OfVariables => true,
        Made::OfFolder { folder, .. } => folder.is_empty(),
        Made::Written | Made::OfLiterals => false,
    };
    let generated: Vec<&Object> = objects.iter().filter(written_here).collect();
    kustomization.generator_options = generator::options(&generated);
    kustomization.config_map_generator =
        generated.into_iter().map(|object| generator::config_map(object, BASE, tree)).collect();
    kustomization.configurations.push(NAME_REFERENCE.to_owned());
    put(tree, &format!("{BASE}/{NAME_REFERENCE}"), &file::arranged(&name_reference::base(&objects)));
    put(tree, &format!("{BASE}/kustomization.yaml"), &file::arranged(&kustomization.to_node()));
}

/// Services in the order in which they start, and within a wave as their author wrote them.
pub(super) fn in_start_order(stack: &CheckedStack) -> Vec<&ServiceId> {
    let mut plans: Vec<_> = stack.plans().iter().collect();
    plans.sort_by_key(|plan| plan.wave);
    plans.into_iter().map(|plan| &plan.id).collect()
}

/// A folder of originals has a kustomization of its own, so that there is one copy, and Skaffold watches it.
fn folders(objects: &[Object], kustomization: &mut Kustomization, tree: &mut FileTree) {
    let mut folders: BTreeMap<&str, Kustomization> = BTreeMap::new();
    for object in objects {
        if let Made::OfFolder { folder, originals } = &object.made
            && !folder.is_empty()
        {
            let generated = generator::of_folder(object, folder, originals, tree);
            let options = generator::options(&[object]);
            let new = || Kustomization { generator_options: options, ..Kustomization::new() };
            folders.entry(folder).or_insert_with(new).config_map_generator.push(generated);
        }
    }
    let Ok(base) = TreePath::new(BASE) else { return };
    for (folder, generators) in folders {
        if let Ok(path) = TreePath::new(folder) {
            kustomization.resources.push(base.to(&path));
            put(tree, &format!("{folder}/kustomization.yaml"), &file::arranged(&generators.to_node()));
        }
    }
}
