//! The files of this machine alone: a person's own keys for Skaffold, never tracked, readable by nobody else.

use std::fs;
use std::path::{Path, PathBuf};

use stack_overlay::emit::{LOCAL, SWITCH};
use stack_source::{FileTree, TreePath};

use crate::Surroundings;
use crate::disk::Written;
use crate::failure::Failure;
use crate::git::{self, Standing};

/// Skaffold reads it where it is started.
const SKAFFOLD_ENV: &str = "skaffold.env";

/// What Skaffold is told in its environment file.
#[derive(Debug, Default)]
pub(super) struct Switch {
    line: Option<String>,
    /// Whether the file in the tree is a person's own, and stays as it is.
    is_taken: bool,
}

/// What became of the files of this machine.
#[derive(Debug, Default)]
pub(super) struct Local {
    /// Overlays with own keys.
    overlays: Vec<PathBuf>,
    /// Files that went away with the keys.
    removed: Vec<PathBuf>,
    /// Environment files of the person's own, and the line that they should have.
    asked: Vec<(PathBuf, String)>,
}

/// The files that the tool owns, and what Skaffold is to be told; an environment file of a person's own is left alone.
pub(super) fn split(mut local: FileTree, out: &Path) -> Result<(FileTree, Switch), Failure> {
    let Ok(path) = TreePath::new(SKAFFOLD_ENV) else { return Ok((local, Switch::default())) };
    let line = local.text(&path).map(str::to_owned);
    let is_taken = read(&out.join(SKAFFOLD_ENV))?.is_some_and(|there| !is_ours(&there));
    if is_taken {
        local.remove(&path);
    }
    Ok((local, Switch { line, is_taken }))
}

impl Local {
    /// Tells Skaffold in the other folder where it may be started, and what there is to tell the person.
    pub(super) fn of(
        own: &FileTree,
        switch: &Switch,
        written: &Written,
        out: &Path,
        skaffold_folder: Option<&Path>,
    ) -> Result<Self, Failure> {
        let mut local = Self::default();
        let overlays = own.iter().filter(|(path, _)| path.name() == Some("kustomization.yaml"));
        local.overlays = overlays.filter_map(|(path, _)| Some(out.join(path.parent()?.as_str()))).collect();
        let removed = written.removed.iter().filter(|path| is_local(path));
        local.removed = removed.map(|path| out.join(path.as_str())).collect();
        if switch.is_taken {
            local.ask(&out.join(SKAFFOLD_ENV), switch)?;
        }
        if let Some(folder) = skaffold_folder {
            local.turn(&folder.join(SKAFFOLD_ENV), switch)?;
        }
        Ok(local)
    }

    /// Writes the switch, or takes it away.
    fn turn(&mut self, path: &Path, switch: &Switch) -> Result<(), Failure> {
        match (read(path)?, &switch.line) {
            (Some(there), _) if !is_ours(&there) => self.ask(path, switch),
            (Some(_), None) => {
                fs::remove_file(path).map_err(|error| Failure::io("remove", path, &error))?;
                self.removed.push(path.to_owned());
                Ok(())
            }
            (there, Some(line)) if there.as_ref() != Some(line) => {
                // Whole or not at all, whenever this is killed.
                let staged = path.with_extension("env.new");
                fs::write(&staged, line).map_err(|error| Failure::io("write", &staged, &error))?;
                fs::rename(&staged, path).map_err(|error| Failure::io("write", path, &error))
            }
            _ => Ok(()),
        }
    }

    fn ask(&mut self, path: &Path, switch: &Switch) -> Result<(), Failure> {
        let there = read(path)?.unwrap_or_default();
        if let Some(line) = switch.line.as_deref().map(str::trim_end)
            && there.lines().all(|known| known.trim() != line)
        {
            self.asked.push((path.to_owned(), line.to_owned()));
        }
        Ok(())
    }

    pub(super) fn rows(&self, surroundings: &Surroundings) -> Vec<(&'static str, String, String)> {
        let shown = |path: &PathBuf| surroundings.shown(path);
        let overlays = self.overlays.iter().map(|path| ("local", shown(path), about(path, surroundings)));
        let removed = self.removed.iter().map(|path| ("removed", shown(path), "no own keys any more".to_owned()));
        let asked =
            self.asked.iter().map(|(path, line)| ("please", shown(path), format!("is yours: add the line {line}")));
        overlays.chain(removed).chain(asked).collect()
    }

    pub(super) fn paths(&self, surroundings: &Surroundings) -> Vec<String> {
        self.overlays.iter().map(|path| surroundings.shown(path)).collect()
    }
}

/// What is known of an overlay with own keys.
fn about(path: &Path, surroundings: &Surroundings) -> String {
    let name = path.file_name().and_then(|name| name.to_str());
    let standing = path.parent().zip(name).map_or(Standing::Unknown, |(folder, name)| git::standing(folder, name));
    let shown = surroundings.shown(path);
    let tracked = match standing {
        Standing::Ignored => "not tracked · ".to_owned(),
        Standing::Tracked => format!("tracked: run `git rm -r --cached {shown}` · "),
        Standing::Taken => "git would take them in · ".to_owned(),
        Standing::Unknown => String::new(),
    };
    format!("own keys · {tracked}Skaffold takes them")
}

/// Whether a file of a tree is for this machine alone.
pub(super) fn is_local(path: &TreePath) -> bool {
    path.as_str().strip_prefix(LOCAL).is_some_and(|rest| rest.starts_with('/')) || path.as_str() == SKAFFOLD_ENV
}

fn is_ours(text: &str) -> bool {
    text.lines().count() == 1 && text.starts_with(SWITCH)
}

fn read(path: &Path) -> Result<Option<String>, Failure> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::io("read", path, &error)),
    }
}
