use std::path::Path;

use stack_overlay::emit::{CheckedEnvironment, OVERLAYS};

use super::Outcome;
use crate::Surroundings;
use crate::package::name;

/// The environment that kubectl applies next, where Skaffold does not run one.
pub(super) fn applied<'a>(outcome: &'a Outcome<'_>, asked: &[String]) -> Option<&'a CheckedEnvironment> {
    let mut is_asked = outcome
        .checked
        .environments
        .iter()
        .filter(|one| asked.is_empty() || asked.iter().any(|asked| asked == name(one)));
    let runs = |one: &CheckedEnvironment| one.stack.stack().environment.writes_synced_files();
    let first = is_asked.next()?;
    (!runs(first) && !is_asked.any(runs)).then_some(first)
}

/// What a person types next.
pub(super) fn step(outcome: &Outcome<'_>, asked: &[String], package: &Path, surroundings: &Surroundings) -> String {
    let applied = applied(outcome, asked);
    let is_asked = |one: &CheckedEnvironment| asked.is_empty() || asked.iter().any(|asked| asked == name(one));
    if applied.is_none() && outcome.checked.environments.iter().any(is_asked) {
        let here = surroundings.folder == outcome.out
            || super::skaffold_folder(package, outcome.out, surroundings) == Some(&surroundings.folder);
        let change = if here { String::new() } else { format!("cd {} && ", surroundings.shown(outcome.out)) };
        return format!("{change}skaffold dev --port-forward");
    }
    match applied {
        Some(one) => {
            let folder = outcome.out.join(OVERLAYS).join(name(one));
            format!("kubectl apply -k {}", surroundings.shown(&folder))
        }
        None => format!("kubectl apply -k {}", surroundings.shown(&outcome.out.join("k8s/base"))),
    }
}
