//! What `-o` names: one file for all objects, or a folder with a file for each.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use stack_krm::Resource;
use stack_kustomize::Built;
use stack_source::{FileTree, TreePath};

use crate::Surroundings;
use crate::disk::{self, DiskError};
use crate::failure::Failure;
use crate::kustomization::Kustomization;

/// What comes of a build that is refused.
pub(super) const OUTCOME: &str = "nothing written";

/// Writes the objects. A link is followed; what is no file, or stands for an open one as `/dev/stdout` does, is written to as it is.
pub(super) fn write(
    named: &Path,
    built: &Built,
    kustomization: &Kustomization,
    surroundings: &Surroundings,
) -> Result<(), Failure> {
    let path = surroundings.absolute(named);
    let Some(real) = followed(&path) else {
        let shown = surroundings.shown(&path);
        return Err(Failure::System(format!("the link `{shown}` leads back to itself: take it away; {OUTCOME}")));
    };
    refuse_missing_folder(named, &real, surroundings)?;
    if real.is_dir() {
        let files = one_each(&path, built, kustomization, surroundings)?;
        return put(&path, &files, kustomization, surroundings);
    }
    let text = built.to_yaml().map_err(|error| kustomization.refused(error.report(), OUTCOME, surroundings))?;
    let is_file = !is_open(&real) && fs::metadata(&real).map_or(true, |known| known.is_file());
    let name = real.file_name().and_then(|name| name.to_str()).and_then(|name| TreePath::new(name).ok());
    if let (true, Some(folder), Some(name)) = (is_file, real.parent(), name) {
        let mut files = FileTree::new();
        files.insert(name, text);
        return put(folder, &files, kustomization, surroundings);
    }
    refuse_inputs(std::iter::once(&real), kustomization, surroundings)?;
    fs::write(&real, text).map_err(|error| Failure::io("write", &path, &error))
}

/// Whether a path may stand for a file that is open already.
fn is_open(path: &Path) -> bool {
    path.starts_with("/dev") || path.starts_with("/proc")
}

/// Where a path leads, also where nothing is there yet; nothing where its links lead in a circle.
fn followed(path: &Path) -> Option<PathBuf> {
    /// As many links does Linux follow.
    const MOST: usize = 40;
    let mut path = path.to_owned();
    for _ in 0..MOST {
        match fs::read_link(&path) {
            Ok(target) if !is_open(&path) => path = path.parent()?.join(target),
            _ => return Some(path),
        }
    }
    None
}

/// Refuses to write where there is no folder, or a file for what was named as one.
fn refuse_missing_folder(named: &Path, path: &Path, surroundings: &Surroundings) -> Result<(), Failure> {
    let is_named_as_folder = named.as_os_str().to_string_lossy().ends_with(std::path::is_separator);
    let Some(folder) = (if is_named_as_folder { Some(path) } else { path.parent() }) else { return Ok(()) };
    let shown = surroundings.shown(folder);
    let why = match fs::metadata(folder) {
        Ok(known) if known.is_dir() => return Ok(()),
        Ok(_) => format!("`{shown}` is a file, and no folder to write into: name another path with `-o`"),
        Err(error) if is_denied(&error) => return Err(denied(&error, "folder", folder, surroundings)),
        Err(_) => format!("there is no folder `{shown}` to write into: make it first"),
    };
    Err(Failure::System(format!("{why}; {OUTCOME}")))
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
                 into one file, as `-o all.yaml`; {OUTCOME}",
                called(resource)
            )));
        };
        if let Some(other) = owners.insert(path.clone(), resource) {
            let file = surroundings.shown(&folder.join(path.as_str()));
            return Err(Failure::System(format!(
                "{} and {} would be one file, `{file}`: rename one of them, or write all into one file, as `-o all.yaml`; {OUTCOME}",
                called(other),
                called(resource)
            )));
        }
        let text = built
            .resource_to_yaml(resource)
            .map_err(|error| kustomization.refused(error.report(), OUTCOME, surroundings))?;
        files.insert(path, text);
    }
    Ok(files)
}

/// kustomize's name for the file of an object, of the parts that are not empty.
fn file_name(parts: [&str; 5]) -> String {
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    format!("{}.yaml", parts.join("_").to_lowercase())
}

/// Writes files into a folder, whole or not at all, unless one of them is an input. Where the folder takes no new files and all of them
/// are there, each is written over.
fn put(
    folder: &Path,
    files: &FileTree,
    kustomization: &Kustomization,
    surroundings: &Surroundings,
) -> Result<(), Failure> {
    let places: Vec<PathBuf> = files.iter().map(|(path, _)| folder.join(path.as_str())).collect();
    refuse_inputs(places.iter(), kustomization, surroundings)?;
    for place in places.iter().filter(|place| place.is_file()) {
        // Another file could take its place; but whoever made it read-only wants to keep it.
        if let Err(error) = OpenOptions::new().write(true).open(place) {
            return Err(denied(&error, "file", place, surroundings));
        }
    }
    match disk::overwrite(folder, files) {
        Err(DiskError::Io { source, .. }) if is_denied(&source) => {
            if places.iter().any(|place| !place.is_file()) {
                return Err(denied(&source, "folder", folder, surroundings));
            }
            let mut texts = files.iter().map(|(_, bytes)| bytes).zip(&places);
            texts.try_for_each(|(bytes, place)| {
                fs::write(place, bytes).map_err(|error| Failure::io("write", place, &error))
            })
        }
        other => Ok(other?),
    }
}

fn is_denied(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem)
}

fn denied(error: &io::Error, what: &str, path: &Path, surroundings: &Surroundings) -> Failure {
    let shown = surroundings.shown(path);
    Failure::System(match error.kind() {
        ErrorKind::PermissionDenied => format!(
            "you may not write to the {what} `{shown}`: make it writable, or name another path with `-o`; {OUTCOME}"
        ),
        _ => format!("cannot write to the {what} `{shown}`: {error}: name another path with `-o`; {OUTCOME}"),
    })
}

fn refuse_inputs<'p>(
    mut files: impl Iterator<Item = &'p PathBuf>,
    kustomization: &Kustomization,
    surroundings: &Surroundings,
) -> Result<(), Failure> {
    match files.find(|file| kustomization.reads(file)) {
        None => Ok(()),
        Some(file) => {
            let shown = surroundings.shown(file);
            Err(Failure::System(format!("`{shown}` is an input of this build; name another path with `-o`")))
        }
    }
}
