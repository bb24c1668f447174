use std::path::Path;

use stack_overlay::emit::{CheckedEnvironment, OVERLAYS};

use super::Outcome;
use crate::Surroundings;
use crate::package::name;

/// What a person types next.
pub(super) fn step(outcome: &Outcome<'_>, asked: &[String], package: &Path, surroundings: &Surroundings) -> String {
    let environments = &outcome.checked.environments;
    let is_asked = |one: &&CheckedEnvironment| asked.is_empty() || asked.iter().any(|asked| asked == name(one));
    let runs = |one: &&CheckedEnvironment| one.stack.stack().environment.writes_synced_files();
    if environments.iter().filter(is_asked).any(|one| runs(&one)) {
        let here = surroundings.folder == outcome.out
            || super::skaffold_folder(package, outcome.out, surroundings) == Some(&surroundings.folder);
        let change = if here { String::new() } else { format!("cd {} && ", surroundings.shown(outcome.out)) };
        return format!("{change}skaffold dev --port-forward");
    }
    match environments.iter().find(is_asked) {
        Some(one) => {
            let folder = outcome.out.join(OVERLAYS).join(name(one));
            format!("kubectl apply -k {}", surroundings.shown(&folder))
        }
        None => format!("kubectl apply -k {}", surroundings.shown(&outcome.out.join("k8s/base"))),
    }
}
