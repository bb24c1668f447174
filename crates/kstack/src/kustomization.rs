//! A kustomization on disk: the files that it needs, and no others.
//!
//! A base may lie above the folder that is built, so the root of the tree is whatever folder holds all that is needed.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::path::{Path, PathBuf};

use stack_krm::yaml::{Limits, Node, Value, read};
use stack_kustomize::{BuildOptions, Built, FILE_NAMES, build};
use stack_source::{FileTree, LineColumn, Locus, TreePath};

use crate::Surroundings;
use crate::failure::Failure;
use crate::report::{Refused, seen_from};
use crate::surroundings::plain;

/// Fields of a kustomization that name files or folders.
const FIELDS: [&str; 15] = [
    "resources",
    "bases",
    "components",
    "crds",
    "configurations",
    "generators",
    "transformers",
    "validators",
    "patchesStrategicMerge",
    "path",
    "files",
    "envs",
    "env",
    "valuesFile",
    "additionalValuesFiles",
];

/// Fields whose files name further files.
const PLUGINS: [&str; 3] = ["generators", "transformers", "validators"];

/// The files of a kustomization, and where it lies among them.
pub(crate) struct Kustomization {
    pub(crate) files: FileTree,
    pub(crate) folder: TreePath,
    root: PathBuf,
    folders: BTreeSet<PathBuf>,
}

/// Whether a folder holds a kustomization.
pub(crate) fn is_in(folder: &Path) -> bool {
    FILE_NAMES.iter().any(|name| folder.join(name).is_file())
}

impl Kustomization {
    /// Reads what a build of this folder needs; `anywhere` lets links lead out of the folder of their kustomization.
    pub(crate) fn load(folder: &Path, anywhere: bool) -> Result<Self, Failure> {
        let home = folder.canonicalize().map_err(|error| Failure::io("read", folder, &error))?;
        let needed = Needed::of(&home, anywhere)?;
        let root =
            needed.folders.iter().map(PathBuf::as_path).chain(needed.files.keys().filter_map(|path| path.parent()));
        let root = root.fold(home.clone(), |root, folder| shared(&root, folder));
        let mut files = FileTree::new();
        for (path, bytes) in &needed.files {
            if let Some(path) = below(&root, path) {
                files.insert(path, bytes);
            }
        }
        let folder = below(&root, &home).unwrap_or_default();
        Ok(Self { files, folder, root, folders: needed.folders })
    }

    /// Takes in a file that no build reads, so that a report can show it.
    pub(crate) fn include(&mut self, file: &Path, text: &str) -> Result<TreePath, Failure> {
        let file = file.canonicalize().map_err(|error| Failure::io("read", file, &error))?;
        let root = shared(&self.root, file.parent().unwrap_or(&file));
        if let Some(moved) = below(&root, &self.root).filter(|_| root != self.root) {
            let under = |path: &TreePath| moved.join(path.as_str()).unwrap_or_default();
            let mut files = FileTree::new();
            for (path, bytes) in self.files.iter() {
                files.insert(under(path), bytes);
            }
            self.files = files;
            self.folder = under(&self.folder);
            self.root = root;
        }
        let path = below(&self.root, &file).unwrap_or_default();
        self.files.insert(path.clone(), text);
        Ok(path)
    }

    /// Whether a file is one that a build reads.
    pub(crate) fn reads(&self, file: &Path) -> bool {
        let Ok(file) = file.canonicalize() else { return false };
        self.files.iter().any(|(path, _)| self.root.join(path.as_str()).canonicalize().is_ok_and(|known| known == file))
    }

    /// A place in one of its files, as a person in the current directory names it.
    pub(crate) fn shown(&self, at: &Locus, surroundings: &Surroundings) -> Option<String> {
        let Locus::File { path, span } = at else { return None };
        let place = LineColumn::of(self.files.text(path)?, span.start);
        let file = surroundings.shown(&self.root.join(path.as_str()));
        Some(format!("{file}:{}:{}", place.line, place.column))
    }

    /// Builds it; `outcome` is what is said beside the faults.
    pub(crate) fn build(
        &mut self,
        options: &BuildOptions,
        outcome: &'static str,
        surroundings: &Surroundings,
    ) -> Result<Built, Failure> {
        if let Ok(built) = build(&self.files, &self.folder, options) {
            return Ok(built);
        }
        // What a plugin reads is known to nobody but the build; and a message about a missing file proposes one that is there.
        let files = self.with_others();
        match build(&files, &self.folder, options) {
            Err(error) => Err(self.refused(error.report(), &files, outcome, surroundings).into()),
            Ok(built) => {
                self.files = files;
                Ok(built)
            }
        }
    }

    pub(crate) fn refused(
        &self,
        report: &stack_source::Report,
        files: &FileTree,
        outcome: &'static str,
        surroundings: &Surroundings,
    ) -> Refused {
        let cwd = surroundings.folder.canonicalize().unwrap_or_else(|_| surroundings.folder.clone());
        let seen = self.root.strip_prefix(&cwd).ok().and_then(|_| below(&cwd, &self.root)).unwrap_or_default();
        let (report, files) = seen_from(report, files, &seen);
        Refused { report, files, outcome }
    }

    /// The tree with all that lies in its folders and below them, as far as it is not too much.
    fn with_others(&self) -> FileTree {
        const FILES: usize = 10_000;
        const BYTES: u64 = 64 << 20;
        let mut files = self.files.clone();
        let mut folders: VecDeque<PathBuf> = self.folders.iter().cloned().collect();
        let (mut count, mut bytes) = (0, 0);
        while let Some(folder) = folders.pop_front() {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                count += 1;
                let Ok(kind) = entry.file_type() else { continue };
                let Some(path) = below(&self.root, &entry.path()) else { continue };
                if count > FILES {
                    return files;
                }
                if kind.is_dir() && !self.folders.contains(&entry.path()) {
                    folders.push_back(entry.path());
                }
                let size = entry.metadata().map_or(0, |metadata| metadata.len());
                let is_other = entry.file_name().to_str().is_some_and(|name| !FILE_NAMES.contains(&name));
                if kind.is_file() && is_other && files.get(&path).is_none() && bytes + size <= BYTES {
                    bytes += size;
                    files.insert(path, fs::read(entry.path()).unwrap_or_default());
                }
            }
        }
        files
    }
}

struct Needed {
    anywhere: bool,
    folders: BTreeSet<PathBuf>,
    files: BTreeMap<PathBuf, Vec<u8>>,
    /// Texts whose names were not followed yet, each with its folder: no recursion, since a chain of folders may be as long as a
    /// disk is large. How long one may be is for the build to say, which knows the place.
    to_follow: VecDeque<(String, PathBuf)>,
}

impl Needed {
    /// What the kustomization of a folder needs, and the kustomizations that it names.
    fn of(folder: &Path, anywhere: bool) -> Result<Self, Failure> {
        let (folders, files, to_follow) = Default::default();
        let mut needed = Self { anywhere, folders, files, to_follow };
        needed.folder(folder)?;
        while let Some((text, folder)) = needed.to_follow.pop_front() {
            needed.follow(&text, &folder)?;
        }
        Ok(needed)
    }

    fn folder(&mut self, folder: &Path) -> Result<(), Failure> {
        if !self.folders.insert(folder.to_owned()) {
            return Ok(());
        }
        for name in FILE_NAMES {
            let path = folder.join(name);
            if path.is_file() {
                let text = self.file(&path, folder)?;
                self.to_follow.push_back((text, folder.to_owned()));
            }
        }
        Ok(())
    }

    /// A file of the kustomization in `folder`.
    fn file(&mut self, path: &Path, folder: &Path) -> Result<String, Failure> {
        if !self.anywhere {
            stays_below(path, folder)?;
        }
        let bytes = fs::read(path).map_err(|error| Failure::io("read", path, &error))?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        self.files.insert(path.to_owned(), bytes);
        Ok(text)
    }

    fn follow(&mut self, text: &str, folder: &Path) -> Result<(), Failure> {
        // Text that is no YAML is the build's to judge.
        let Ok(documents) = read(text, &Limits::default()) else { return Ok(()) };
        let mut names = Vec::new();
        for document in &documents {
            collect(&document.root, None, &mut names);
        }
        for (field, name) in names {
            let path = plain(&folder.join(name));
            if Path::new(name).is_absolute() || self.files.contains_key(&path) {
                continue;
            }
            if path.is_file() {
                let text = self.file(&path, folder)?;
                if PLUGINS.contains(&field) {
                    self.to_follow.push_back((text, folder.to_owned()));
                }
            } else if path.is_dir() && is_in(&path) {
                self.folder(&path)?;
            }
        }
        Ok(())
    }
}

/// Refuses a link that leads out of a kustomization's folder, as kustomize does. A path that leads out by its text is the
/// build's to judge, which knows the place where it is written.
fn stays_below(path: &Path, folder: &Path) -> Result<(), Failure> {
    if !path.starts_with(folder) {
        return Ok(());
    }
    let real = |path: &Path| path.canonicalize().map_err(|error| Failure::io("read", path, &error));
    let (target, root) = (real(path)?, real(folder)?);
    if target.starts_with(&root) {
        return Ok(());
    }
    Err(Failure::System(format!(
        "security; file `{}` is not in or below `{}`: `{}` is a link to it; put a copy there, or build with \
         `--load-restrictor LoadRestrictionsNone`",
        target.display(),
        root.display(),
        path.display()
    )))
}

/// The texts of fields that name files; a generator's `key=path` names the path.
fn collect<'a>(node: &'a Node, field: Option<&'a str>, names: &mut Vec<(&'a str, &'a str)>) {
    match (&node.value, field) {
        (Value::Mapping(mapping), _) => {
            for entry in &mapping.entries {
                let key = entry.key.as_str();
                collect(&entry.value, FIELDS.contains(&key).then_some(key), names);
            }
        }
        (Value::Sequence(nodes), _) => nodes.iter().for_each(|node| collect(node, field, names)),
        (Value::Scalar(_), Some(field)) => {
            let text = node.as_str().unwrap_or_default();
            if !text.is_empty() && text.len() < 1024 && !text.contains(['\n', '\0']) {
                names.push((field, text));
                names.extend(text.split_once('=').map(|(_, path)| (field, path)));
            }
        }
        (Value::Scalar(_), None) => {}
    }
}

fn shared(a: &Path, b: &Path) -> PathBuf {
    a.components().zip(b.components()).take_while(|(a, b)| a == b).map(|(part, _)| part).collect()
}

fn below(root: &Path, path: &Path) -> Option<TreePath> {
    let parts: Option<Vec<&str>> = path.strip_prefix(root).ok()?.iter().map(|part| part.to_str()).collect();
    TreePath::new(&parts?.join("/")).ok()
}
