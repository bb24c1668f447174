use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use stack_krm::Resource;
use stack_kustomize::{BuildError, BuildOptions, Built, DefaultOrder};
use stack_source::{FileTree, TreePath};

use crate::cli::{Build, LoadRestrictor, Programs, Reorder};
use crate::disk;
use crate::failure::Failure;
use crate::kustomization::{self, Kustomization};
use crate::report::rendered;
use crate::{Console, Exit, Surroundings};

pub(super) fn run(arguments: &Build, surroundings: &Surroundings, console: &mut Console<'_>) -> Result<Exit, Failure> {
    refuse_programs(&arguments.programs)?;
    let folder = surroundings.absolute(&arguments.folder);
    if !kustomization::is_in(&folder) {
        return Err(kustomization::missing_from(&arguments.folder, surroundings));
    }
    let options = BuildOptions {
        load_anywhere: matches!(arguments.load_restrictor, LoadRestrictor::None),
        order: arguments.reorder.map(|order| match order {
            Reorder::Legacy => DefaultOrder::Legacy,
            Reorder::None => DefaultOrder::Fifo,
        }),
        managed_by_label: arguments.enable_managedby_label,
    };
    let outcome = if arguments.output.is_some() { "nothing written" } else { "nothing printed" };
    let mut kustomization = Kustomization::in_folder(&folder)?;
    let built = kustomization.build(&options, outcome, surroundings)?;
    if !built.warnings.is_empty() {
        let warnings = kustomization.refused(&built.warnings, "", surroundings);
        console.say(&format!("{}\n\n", rendered(&warnings.report, &warnings.files, console.is_coloured())))?;
        if arguments.strict {
            let count =
                crate::table::count(built.warnings.iter().count(), "warning is an error", "warnings are errors");
            return Err(Failure::System(format!("{count} with `--strict`, {outcome}")));
        }
    }
    let refused = |error: BuildError| kustomization.refused(error.report(), outcome, surroundings);
    match &arguments.output {
        None => console.print(&built.to_yaml().map_err(refused)?)?,
        Some(named) => {
            let path = surroundings.absolute(named);
            refuse_missing_folder(named, &path, surroundings)?;
            if path.is_dir() {
                let files = one_each(&path, &built, &kustomization, surroundings)?;
                write(&path, &files, &kustomization, surroundings)?;
            } else {
                write_one(&path, built.to_yaml().map_err(refused)?, &kustomization, surroundings)?;
            }
        }
    }
    // Nothing follows but the end of the process, which gives back everything at once; object by object takes a tenth of the time.
    std::mem::forget(built);
    Ok(Exit::Good)
}

/// Refuses to write where there is no folder, or a file for what was named as one.
fn refuse_missing_folder(named: &Path, path: &Path, surroundings: &Surroundings) -> Result<(), Failure> {
    let is_named_as_folder = named.as_os_str().to_string_lossy().ends_with(std::path::is_separator);
    let folder = if is_named_as_folder { Some(path) } else { path.parent() };
    match folder.filter(|folder| !folder.is_dir()) {
        None => Ok(()),
        Some(folder) => {
            let shown = surroundings.shown(folder);
            Err(Failure::System(format!("there is no folder `{shown}` to write into: make it first; nothing written")))
        }
    }
}

/// Flags of kustomize that make it start programs, and what to do instead.
fn refuse_programs(programs: &Programs) -> Result<(), Failure> {
    const HELM: &str = "run `helm template` once, keep what it prints in the tree, and list that under `resources`";
    const PROGRAM: &str = "run the program once, keep what it prints in the tree, and list that under `resources`";
    const FUNCTION: &str = "it is for functions in containers: leave it out";
    const OF_HELM: &str =
        "it is for Helm: run `helm template` once with it, and list what that prints under `resources`";
    const TRACE: &str =
        "it shows where in kustomize's own code an error arose: leave it out, errors here say where in your files";
    let reason =
        |instead: &str| format!("a build runs no programs, so that it gives the same result everywhere; {instead}");
    let starts = [
        ("--enable-helm", programs.enable_helm, HELM),
        ("--enable-alpha-plugins", programs.enable_alpha_plugins, PROGRAM),
        ("--enable-exec", programs.enable_exec, PROGRAM),
        ("--enable-star", programs.enable_star, PROGRAM),
        ("--network", programs.network, PROGRAM),
        ("--network-name", programs.network_name.is_some(), FUNCTION),
        ("--mount", !programs.mount.is_empty(), FUNCTION),
        ("--env", !programs.env.is_empty(), FUNCTION),
        ("--as-current-user", programs.as_current_user, FUNCTION),
        ("--helm-command", programs.helm_command.is_some(), OF_HELM),
        ("--helm-kube-version", programs.helm_kube_version.is_some(), OF_HELM),
        ("--helm-api-versions", !programs.helm_api_versions.is_empty(), OF_HELM),
        ("--helm-debug", programs.helm_debug, OF_HELM),
    ];
    if let Some((flag, _, instead)) = starts.into_iter().find(|(_, is_given, _)| *is_given) {
        let leave = if instead == FUNCTION { String::new() } else { format!(", and leave `{flag}` out") };
        return Err(Failure::Usage(format!("`{flag}` is refused: {}{leave}", reason(instead))));
    }
    if programs.stack_trace {
        return Err(Failure::Usage(format!("`--stack-trace` is refused: {TRACE}")));
    }
    Ok(())
}

/// A file for each object, under the name that kustomize gives it.
fn one_each(
    folder: &Path,
    built: &Built,
    kustomization: &Kustomization,
    surroundings: &Surroundings,
) -> Result<FileTree, Failure> {
    let called = |resource: &Resource| {
        let place = kustomization.shown(resource.origin(), surroundings);
        format!("`{}`{}", resource.id(), place.map(|place| format!(" ({place})")).unwrap_or_default())
    };
    let ids: Vec<_> = built.resources.iter().map(Resource::id).collect();
    let mut namespaces: Vec<&str> =
        ids.iter().filter(|id| !id.is_cluster_scoped()).map(|id| id.effective_namespace().as_str()).collect();
    namespaces.sort_unstable();
    namespaces.dedup();
    let mut files = FileTree::new();
    let mut owners: BTreeMap<TreePath, &Resource> = BTreeMap::new();
    for (resource, id) in built.resources.iter().zip(&ids) {
        let is_in_one_of_several = namespaces.len() > 1 && !id.is_cluster_scoped();
        let namespace = if is_in_one_of_several { id.effective_namespace().as_str() } else { "" };
        let name = file_name([namespace, &id.gvk.group, &id.gvk.version, &id.gvk.kind, &id.name]);
        let path = TreePath::new(&name).ok().filter(|path| path.as_str() == name && !name.contains('/'));
        let Some(path) = path else {
            return Err(Failure::System(format!(
                "{} has a `/` or `\\` in its type, namespace or name, which no file's name may have: correct it, or write all \
                 into one file, as `-o all.yaml`; nothing written",
                called(resource)
            )));
        };
        if let Some(other) = owners.insert(path.clone(), resource) {
            let file = surroundings.shown(&folder.join(path.as_str()));
            return Err(Failure::System(format!(
                "{} and {} would be one file, `{file}`: rename one of them, or write all into one file, as `-o all.yaml`; nothing \
                 written",
                called(other),
                called(resource)
            )));
        }
        let text = built
            .resource_to_yaml(resource)
            .map_err(|error| kustomization.refused(error.report(), "nothing written", surroundings))?;
        files.insert(path, text);
    }
    Ok(files)
}

/// kustomize's name for the file of an object, of the parts that are not empty.
fn file_name(parts: [&str; 5]) -> String {
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    format!("{}.yaml", parts.join("_").to_lowercase())
}

/// Writes files into a folder, whole or not at all, unless one of them is an input.
fn write(
    folder: &Path,
    files: &FileTree,
    kustomization: &Kustomization,
    surroundings: &Surroundings,
) -> Result<(), Failure> {
    refuse_inputs(files.iter().map(|(path, _)| folder.join(path.as_str())), kustomization, surroundings)?;
    Ok(disk::overwrite(folder, files)?)
}

/// Writes one file. A link is followed; what is no file, or stands for an open one as `/dev/stdout` does, is written to as it is.
fn write_one(
    path: &Path,
    text: String,
    kustomization: &Kustomization,
    surroundings: &Surroundings,
) -> Result<(), Failure> {
    let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let is_open = path.starts_with("/dev") || path.starts_with("/proc");
    let is_file = !is_open && fs::metadata(&real).map_or(true, |known| known.is_file());
    let name = real.file_name().and_then(|name| name.to_str()).and_then(|name| TreePath::new(name).ok());
    if let (true, Some(folder), Some(name)) = (is_file, real.parent(), name) {
        let mut files = FileTree::new();
        files.insert(name, text);
        return write(folder, &files, kustomization, surroundings);
    }
    refuse_inputs(std::iter::once(real), kustomization, surroundings)?;
    fs::write(path, text).map_err(|error| Failure::io("write", path, &error))
}

fn refuse_inputs(
    mut files: impl Iterator<Item = PathBuf>,
    kustomization: &Kustomization,
    surroundings: &Surroundings,
) -> Result<(), Failure> {
    match files.find(|file| kustomization.reads(file)) {
        None => Ok(()),
        Some(file) => {
            let shown = surroundings.shown(&file);
            Err(Failure::System(format!("`{shown}` is an input of this build; name another path with `-o`")))
        }
    }
}
