//! The escape hatch: patches that an overlay's author wrote by hand.

use stack_krm::yaml::Node;
use stack_kustomize::{JsonPatch, Selector, strategic_merge};
use stack_model::Object;
use stack_source::{Diagnostic, FileTree, Report, meant};

use super::{file, generator, put};
use crate::{Patch, PatchBody, rule};

/// Writes the patch where it matches an object and can be applied to it; else says what is wrong.
pub(super) fn write(
    patch: &Patch,
    number: usize,
    objects: &[Object],
    home: &str,
    tree: &mut FileTree,
    report: &mut Report,
) -> Option<stack_kustomize::Patch> {
    let target = &patch.target;
    let matches =
        |object: &&Object| generator::kind(&object.node) == target.kind && generator::name(&object.node) == target.name;
    let Some(object) = objects.iter().find(matches) else {
        let names: Vec<String> = objects
            .iter()
            .map(|object| format!("{}/{}", generator::kind(&object.node), generator::name(&object.node)))
            .collect();
        let wanted = format!("{}/{}", target.kind, target.name);
        let message = format!("the patch of {} `{}` matches no object of this environment", target.kind, target.name);
        let help = meant(&wanted, names.iter().map(String::as_str));
        report.add(Diagnostic::new(&rule::PATCH_WITHOUT_TARGET, message).at(patch.at.clone()).maybe_help(help));
        return None;
    };
    let mut patched = object.node.clone();
    let (body, applied) = match &patch.body {
        PatchBody::StrategicMerge(body) => (
            file::documents([body]),
            strategic_merge(&mut patched, body).map(|_| ()).map_err(|error| error.to_string()),
        ),
        PatchBody::Json6902(operations) => {
            let operations = Node::sequence(operations.iter().cloned());
            let applied = JsonPatch::new(&operations).and_then(|patch| patch.apply(&mut patched));
            (file::documents([&operations]), applied.map(|_| ()).map_err(|error| error.to_string()))
        }
    };
    if let Err(why) = applied {
        let message = format!("the patch of {} `{}` cannot be applied: {why}", target.kind, target.name);
        report.add(Diagnostic::new(&rule::PATCH_NOT_APPLICABLE, message).at(patch.at.clone()));
        return None;
    }
    let path = format!("patch-{}-{}-{number}.yaml", target.kind.to_ascii_lowercase(), target.name);
    put(tree, &format!("{home}/{path}"), &body);
    let selector = Selector { kind: target.kind.clone(), name: target.name.replace('.', "\\."), ..Selector::default() };
    Some(stack_kustomize::Patch { path, target: Some(selector), ..stack_kustomize::Patch::default() })
}
