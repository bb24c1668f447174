use std::fs;
use std::path::{Path, PathBuf};

use stack_krm::ResourceSet;
use stack_krm::yaml::{PrintOptions, print};
use stack_kustomize::{BuildOptions, DefaultOrder};

use crate::cli::{Build, LoadRestrictor, Programs, Reorder};
use crate::failure::Failure;
use crate::kustomization::{self, Kustomization};
use crate::{Console, Exit, Surroundings};

pub(super) fn run(arguments: &Build, surroundings: &Surroundings, console: &mut Console<'_>) -> Result<Exit, Failure> {
    refuse_programs(&arguments.programs)?;
    let folder = surroundings.absolute(&arguments.folder);
    if !kustomization::is_in(&folder) {
        let shown = surroundings.shown(&folder);
        return Err(Failure::System(format!("there is no kustomization.yaml in `{shown}`")));
    }
    let options = BuildOptions {
        load_anywhere: matches!(arguments.load_restrictor, LoadRestrictor::None),
        order: match arguments.reorder {
            Reorder::Legacy => DefaultOrder::Legacy,
            Reorder::None => DefaultOrder::Fifo,
        },
        managed_by_label: arguments.enable_managedby_label,
    };
    let kustomization = Kustomization::load(&folder, options.load_anywhere)?;
    let built = kustomization.build(&options, "nothing printed", surroundings)?;
    if !built.warnings.is_empty() {
        let warnings = kustomization.refused(&built.warnings, &kustomization.files, "", surroundings);
        console.say(&format!("{}\n\n", warnings.report.render(&warnings.files, console.is_coloured())))?;
        if arguments.strict {
            let count =
                crate::table::count(built.warnings.iter().count(), "warning is an error", "warnings are errors");
            return Err(Failure::System(format!("{count} with `--strict`, nothing printed")));
        }
    }
    match &arguments.output {
        None => console.print(&text(&built.resources)?)?,
        Some(path) => {
            let path = surroundings.absolute(path);
            let files =
                if path.is_dir() { one_each(&path, &built.resources)? } else { vec![(path, text(&built.resources)?)] };
            write(&files, &kustomization, surroundings)?;
        }
    }
    // Nothing follows but the end of the process, which gives back everything at once; object by object takes a tenth of the time.
    std::mem::forget(built);
    Ok(Exit::Good)
}

/// Flags of kustomize that make it start programs, and what to do instead.
fn refuse_programs(programs: &Programs) -> Result<(), Failure> {
    const HELM: &str = "run `helm template` once, keep what it prints in the tree, and list that under `resources`";
    const PROGRAM: &str = "run the program once, keep what it prints in the tree, and list that under `resources`";
    let flags = [
        ("--enable-helm", programs.enable_helm, HELM),
        ("--enable-alpha-plugins", programs.enable_alpha_plugins, PROGRAM),
        ("--enable-exec", programs.enable_exec, PROGRAM),
        ("--enable-star", programs.enable_star, PROGRAM),
        ("--network", programs.network, PROGRAM),
    ];
    match flags.into_iter().find(|(_, is_given, _)| *is_given) {
        None => Ok(()),
        Some((flag, _, instead)) => {
            let reason = "a build runs no programs, so that it gives the same result everywhere";
            Err(Failure::Usage(format!("`{flag}` is refused: {reason}; {instead}, and leave `{flag}` out")))
        }
    }
}

fn text(resources: &ResourceSet) -> Result<String, Failure> {
    resources.to_yaml().map_err(|error| Failure::System(error.to_string()))
}

/// A file for each object, under the name that kustomize gives it.
fn one_each(folder: &Path, resources: &ResourceSet) -> Result<Vec<(PathBuf, String)>, Failure> {
    let ids: Vec<_> = resources.iter().map(stack_krm::Resource::id).collect();
    let mut namespaces: Vec<&str> =
        ids.iter().filter(|id| !id.is_cluster_scoped()).map(|id| id.effective_namespace().as_str()).collect();
    namespaces.sort_unstable();
    namespaces.dedup();
    let mut files = Vec::new();
    for (resource, id) in resources.iter().zip(&ids) {
        let is_in_one_of_several = namespaces.len() > 1 && !id.is_cluster_scoped();
        let namespace = if is_in_one_of_several { id.effective_namespace().as_str() } else { "" };
        let parts = [namespace, &id.gvk.group, &id.gvk.version, &id.gvk.kind, &id.name];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        let mut text = String::new();
        print(resource.node(), &PrintOptions::KUSTOMIZE, &mut text)
            .map_err(|error| Failure::System(error.to_string()))?;
        files.push((folder.join(format!("{}.yaml", parts.join("_").to_lowercase())), text));
    }
    Ok(files)
}

/// Writes files, unless one of them is an input.
fn write(
    files: &[(PathBuf, String)],
    kustomization: &Kustomization,
    surroundings: &Surroundings,
) -> Result<(), Failure> {
    if let Some((file, _)) = files.iter().find(|(file, _)| kustomization.reads(file)) {
        let shown = surroundings.shown(file);
        return Err(Failure::System(format!("`{shown}` is an input of this build; name another path with `-o`")));
    }
    files.iter().try_for_each(|(file, text)| fs::write(file, text).map_err(|error| Failure::io("write", file, &error)))
}
