//! What `-o` names: one file for all objects, or a folder with a file for each.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use stack_krm::Resource;
use stack_kustomize::Built;
use stack_source::{FileTree, TreePath, listed};

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

/// Writes files into a folder, all or none, unless one of them is an input. Where the folder takes no new files and all of them are there,
/// each is written over.
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
            let texts: Vec<&[u8]> = files.iter().map(|(_, bytes)| bytes).collect();
            write_over(&places, &texts, |path, bytes| fs::write(path, bytes), surroundings)
        }
        other => Ok(other?),
    }
}

/// Writes over one file after the other. Where one takes no more, as on a full disk, those that were begun get back what they held.
fn write_over(
    places: &[PathBuf],
    texts: &[&[u8]],
    mut write: impl FnMut(&Path, &[u8]) -> io::Result<()>,
    surroundings: &Surroundings,
) -> Result<(), Failure> {
    let cannot = |doing: &str, place: &Path, error: &io::Error| {
        format!("cannot {doing} `{}`: {error}", surroundings.shown(place))
    };
    let read = |place: &PathBuf| {
        let refused = |error| Failure::System(format!("{}; {OUTCOME}", cannot("read", place, &error)));
        fs::read(place).map_err(refused)
    };
    let old: Vec<Vec<u8>> = places.iter().map(read).collect::<Result<_, _>>()?;
    for (index, (place, text)) in places.iter().zip(texts).enumerate() {
        let Err(error) = write(place, text) else { continue };
        let begun = places.iter().zip(&old).take(index + 1);
        let lost: Vec<_> = begun.filter_map(|(place, old)| Some((place, write(place, old).err()?))).collect();
        let outcome = match lost.first() {
            None => format!("name another path with `-o`; {OUTCOME}, all files hold what they held"),
            Some((_, error)) => format!(
                "build again with another path for `-o`; what was in {} is lost, it could not be written back: {error}",
                listed(&lost.iter().map(|(place, _)| surroundings.shown(place)).collect::<Vec<_>>())
            ),
        };
        return Err(Failure::System(format!("{}: {outcome}", cannot("write", place, &error))));
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A disk that takes only so many bytes in all: what is written over is away before it tells that it is full.
    fn write_over_within(room: usize, also_back: bool) -> (String, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        let places: Vec<PathBuf> = ["a", "b", "c"].map(|name| folder.path().join(name)).to_vec();
        for place in &places {
            fs::write(place, "old").unwrap();
        }
        let mut left = room;
        let write = |path: &Path, bytes: &[u8]| {
            let is_back = bytes == b"old" && also_back;
            let written = if is_back { bytes.len() } else { bytes.len().min(left) };
            left -= if is_back { 0 } else { written };
            fs::write(path, &bytes[..written])?;
            if written == bytes.len() { Ok(()) } else { Err(ErrorKind::StorageFull.into()) }
        };
        let surroundings = Surroundings::in_folder(folder.path());
        let said = match write_over(&places, &[b"newer", b"newer", b"newer"], write, &surroundings) {
            Ok(()) => String::new(),
            Err(Failure::System(message)) => message,
            Err(_) => "another failure".to_owned(),
        };
        (said, places.iter().map(|place| fs::read_to_string(place).unwrap()).collect())
    }

    #[test]
    fn what_a_full_disk_does_not_take_leaves_the_old_files() {
        assert_eq!(write_over_within(15, true), (String::new(), vec!["newer".to_owned(); 3]));
        let (said, held) = write_over_within(7, true);
        assert_eq!(held, ["old", "old", "old"]);
        let expected = format!(
            "cannot write `b`: {}: name another path with `-o`; nothing written, all files hold what they held",
            io::Error::from(ErrorKind::StorageFull)
        );
        assert_eq!(said, expected);
    }

    #[test]
    fn what_cannot_be_written_back_is_told() {
        let (said, held) = write_over_within(7, false);
        assert_eq!(held, ["", "", "old"]);
        let full = io::Error::from(ErrorKind::StorageFull);
        let expected = format!(
            "cannot write `b`: {full}: build again with another path for `-o`; what was in `a`, `b` is lost, it could not be \
             written back: {full}"
        );
        assert_eq!(said, expected);
    }
}
