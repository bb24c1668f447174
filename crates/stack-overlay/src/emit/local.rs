//! A person's own keys: an overlay on top of the environment's, in a folder that is never tracked.

use std::collections::BTreeMap;

use stack_kustomize::{Kustomization, SecretArgs};
use stack_model::SecretValues;

use super::{CheckedEnvironment, Emitted, LOCAL, file, put};

/// Skaffold reads this file where it is started, before anything else.
const SKAFFOLD_ENV: &str = "skaffold.env";

/// What git is told about the folder.
const IGNORE_ALL: &str = "# Own keys: nothing here is ever tracked.\n*\n";

/// The variable by which Skaffold is told to take a person's own keys: it turns the profile of that overlay on.
pub const SWITCH: &str = "KSTACK_LOCAL";

pub(super) fn emit(environment: &CheckedEnvironment, name: &str, emitted: &mut Emitted) {
    if environment.local_secrets.is_empty() {
        return;
    }
    let home = format!("{LOCAL}/{name}");
    let mut kustomization = Kustomization { resources: vec![format!("../../overlays/{name}")], ..Kustomization::new() };
    let mut files: BTreeMap<&str, String> = BTreeMap::new();
    for secret in &environment.local_secrets {
        let has_literals = environment.stack.secrets().iter().any(|planned| {
            planned.name == secret.secret.as_str() && matches!(planned.values, SecretValues::Literals(_))
        });
        if has_literals {
            files.entry(&secret.secret).or_default().push_str(&format!("{}={}\n", secret.key, secret.value));
        }
    }
    for (secret, text) in files {
        let file = format!("{secret}.env");
        put(&mut emitted.local, &format!("{home}/{file}"), &text);
        // The names of the overlay below already have its prefix; a generator that merges finds them by the names they had before.
        kustomization.secret_generator.push(SecretArgs {
            name: secret.to_owned(),
            behavior: "merge".to_owned(),
            envs: vec![file],
            ..SecretArgs::default()
        });
    }
    put(&mut emitted.local, &format!("{home}/kustomization.yaml"), &file::arranged(&kustomization.to_node()));
    put(&mut emitted.local, &format!("{LOCAL}/.gitignore"), IGNORE_ALL);
    if environment.stack.stack().environment.writes_synced_files() {
        put(&mut emitted.local, SKAFFOLD_ENV, &format!("{SWITCH}={name}\n"));
    }
}
