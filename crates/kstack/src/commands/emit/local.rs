//! The files of this machine alone: a person's own keys for Skaffold, never tracked, readable by nobody else.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use stack_overlay::emit::LOCAL;
use stack_source::{FileTree, TreePath};

use crate::Surroundings;
use crate::failure::Failure;

/// Skaffold reads it where it is started.
const SKAFFOLD_ENV: &str = "skaffold.env";
/// What git is told about the folder.
const IGNORE_ALL: &str = "# Own keys: nothing here is ever tracked.\n*\n";

/// What became of the files of this machine.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// Files that hold or lead to own keys.
    files: Vec<PathBuf>,
    /// Files that went away with the keys.
    removed: Vec<PathBuf>,
    /// An environment file of the person's own, and the line that it should have.
    asked: Option<(PathBuf, String)>,
}

/// Brings the local files up to date; without keys, they go.
pub(super) fn write(local: &FileTree, out: &Path, skaffold_folder: Option<&Path>) -> Result<Written, Failure> {
    let mut written = Written::default();
    let folder = out.join(LOCAL);
    let switch = TreePath::new(SKAFFOLD_ENV).ok().and_then(|path| local.text(&path));
    sweep(&folder, local, out, &mut written)?;
    let in_folder: Vec<(&TreePath, &[u8])> = local.iter().filter(|(path, _)| path.as_str() != SKAFFOLD_ENV).collect();
    if !in_folder.is_empty() {
        put(&folder.join(".gitignore"), IGNORE_ALL.as_bytes())?;
    }
    for (path, bytes) in in_folder {
        let path = out.join(path.as_str());
        put(&path, bytes)?;
        written.files.push(path);
    }
    for folder in std::iter::once(out).chain(skaffold_folder) {
        turn(&folder.join(SKAFFOLD_ENV), switch, &mut written)?;
    }
    Ok(written)
}

/// Removes what an earlier emission left and this one has no more.
fn sweep(folder: &Path, local: &FileTree, out: &Path, written: &mut Written) -> Result<(), Failure> {
    if !folder.join(".gitignore").is_file() {
        return Ok(()); // none of ours
    }
    for entry in walkdir::WalkDir::new(folder).min_depth(2).max_depth(2).into_iter().flatten() {
        let path = entry.path();
        let relative = path.strip_prefix(out).ok().and_then(Path::to_str).map(|text| text.replace('\\', "/"));
        let known = relative.and_then(|text| TreePath::new(&text).ok()).is_some_and(|path| local.get(&path).is_some());
        let is_ours = path.extension().is_some_and(|extension| extension == "env" || extension == "yaml");
        if entry.file_type().is_file() && is_ours && !known {
            remove(path)?;
            written.removed.push(path.to_owned());
            // Only an empty folder goes.
            let _ = path.parent().map(fs::remove_dir);
        }
    }
    if local.is_empty() && fs::read_dir(folder).is_ok_and(|entries| entries.count() == 1) {
        remove(&folder.join(".gitignore"))?;
        let _ = fs::remove_dir(folder);
    }
    Ok(())
}

/// Writes the switch into `skaffold.env`, or takes it away; a file with other lines is a person's own.
fn turn(path: &Path, switch: Option<&str>, written: &mut Written) -> Result<(), Failure> {
    let there = fs::read_to_string(path).ok();
    let is_ours = |text: &str| text.lines().count() == 1 && text.starts_with("KSTACK_LOCAL=");
    match (there, switch) {
        (None, None) => {}
        (Some(there), None) if is_ours(&there) => {
            remove(path)?;
            written.removed.push(path.to_owned());
        }
        (Some(_), None) => {}
        (Some(there), Some(switch)) if !is_ours(&there) => {
            if !there.lines().any(|line| line == switch.trim_end()) {
                written.asked = Some((path.to_owned(), switch.trim_end().to_owned()));
            }
        }
        (_, Some(switch)) => {
            put(path, switch.as_bytes())?;
            written.files.push(path.to_owned());
        }
    }
    Ok(())
}

/// Writes a file that nobody else may read, whole or not at all.
fn put(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    if fs::read(path).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).map_err(|error| Failure::io("make the folder", folder, &error))?;
    // A temporary file is made with mode 0600 on Unix.
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(|error| Failure::io("write in", folder, &error))?;
    file.write_all(bytes).map_err(|error| Failure::io("write", path, &error))?;
    file.persist(path).map_err(|error| Failure::io("write", path, &error.error))?;
    Ok(())
}

fn remove(path: &Path) -> Result<(), Failure> {
    fs::remove_file(path).map_err(|error| Failure::io("remove", path, &error))
}

impl Written {
    pub(super) fn rows(&self, surroundings: &Surroundings) -> Vec<(&'static str, String, String)> {
        let mut rows: Vec<(&'static str, String, String)> = Vec::new();
        for path in &self.files {
            if path.ends_with("kustomization.yaml") {
                let folder = path.parent().unwrap_or(path);
                rows.push((
                    "local",
                    surroundings.shown(folder),
                    "own keys · not tracked · Skaffold deploys them".to_owned(),
                ));
            }
        }
        for path in &self.removed {
            rows.push(("removed", surroundings.shown(path), "no own keys any more".to_owned()));
        }
        if let Some((path, line)) = &self.asked {
            rows.push(("please", surroundings.shown(path), format!("is yours: add the line {line}")));
        }
        rows
    }

    pub(super) fn paths(&self) -> Vec<String> {
        self.files.iter().map(|path| path.display().to_string()).collect()
    }
}
