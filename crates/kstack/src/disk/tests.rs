//! Each promise of the module, on real folders.

mod crash;
mod edits;
mod lock;
mod overwrite;
mod property;
mod reading;
mod record;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use stack_source::{FileTree, TreePath};
use tempfile::TempDir;
use walkdir::WalkDir;

use super::hands::Hands;
use super::write::write_with;
use super::{Emission, RECORD, STAGING, Written, write};

/// Fails one step of the tool, or that one and all after it.
#[derive(Debug, Default)]
pub(super) struct Fault {
    at: Option<(usize, How)>,
    steps: Cell<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    Killed,
    Refused,
}

impl Fault {
    pub(super) fn step(&self) -> io::Result<()> {
        let step = self.steps.replace(self.steps.get() + 1);
        match self.at {
            Some((at, How::Killed)) if step >= at => Err(io::Error::other("killed")),
            Some((at, How::Refused)) if step == at => Err(io::ErrorKind::PermissionDenied.into()),
            _ => Ok(()),
        }
    }

    /// Where the tool dies in the next step, leaves what it has written of a file by then.
    pub(super) fn tear(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let dies = self.at == Some((self.steps.get(), How::Killed));
        if dies { fs::write(path, &bytes[..bytes.len() / 2]) } else { Ok(()) }
    }
}

fn hands(at: usize, how: How) -> Hands {
    Hands { fault: Fault { at: Some((at, how)), steps: Cell::new(0) } }
}

fn path(text: &str) -> TreePath {
    TreePath::new(text).unwrap()
}

fn paths(texts: &[&str]) -> Vec<TreePath> {
    texts.iter().map(|text| path(text)).collect()
}

fn tree(files: &[(&str, &str)]) -> FileTree {
    let mut tree = FileTree::new();
    for (name, text) in files {
        tree.insert(path(name), text);
    }
    tree
}

/// A folder that goes away with the test.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn at(&self, name: &str) -> std::path::PathBuf {
        self.path().join(name)
    }

    #[track_caller]
    fn write(&self, files: &[(&str, &str)]) -> Written {
        write(self.path(), &Emission::of(&tree(files))).unwrap()
    }

    /// Writes as a person does.
    #[track_caller]
    fn put(&self, name: &str, text: &str) {
        fs::create_dir_all(self.at(name).parent().unwrap()).unwrap();
        fs::write(self.at(name), text).unwrap();
    }

    #[track_caller]
    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.at(name)).unwrap()
    }

    /// All files and folders, what is under way included.
    fn all(&self) -> BTreeMap<String, Option<Vec<u8>>> {
        let mut all = BTreeMap::new();
        for entry in WalkDir::new(self.path()).min_depth(1) {
            let entry = entry.unwrap();
            let name = entry.path().strip_prefix(self.path()).unwrap().to_str().unwrap().replace('\\', "/");
            all.insert(name, entry.file_type().is_file().then(|| fs::read(entry.path()).unwrap()));
        }
        all
    }

    /// All files, without the record and what is under way.
    fn files(&self) -> BTreeMap<String, String> {
        let ours = |name: &String| name != RECORD && !name.starts_with(STAGING);
        let text = |(name, bytes): (String, Option<Vec<u8>>)| Some((name, String::from_utf8(bytes?).unwrap()));
        self.all().into_iter().filter(|(name, _)| ours(name)).filter_map(text).collect()
    }
}

/// The steps that a write takes.
#[track_caller]
fn count_steps(folder: &Folder, emission: &Emission<'_>) -> usize {
    let hands = Hands::default();
    write_with(&hands, folder.path(), emission).unwrap();
    hands.fault.steps.get()
}
