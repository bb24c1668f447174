//! A kustomization on disk: the files that it names, and no others.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use stack_kustomize::{BuildOptions, Built, FILE_NAMES, build, is_remote, misnamed};
use stack_source::{FileTree, LineColumn, Locus, Report, TreePath, nearest};

use self::disk_files::DiskFiles;
use crate::Surroundings;
use crate::disk::DiskError;
use crate::failure::Failure;
use crate::report::{Refused, renamed};

mod disk_files;

/// Where a kustomization lies, and the files that were read of it.
pub(crate) struct Kustomization {
    /// The outermost folder: a base may lie anywhere.
    root: PathBuf,
    folder: TreePath,
    read: Vec<(TreePath, Vec<u8>)>,
    /// The same as a tree, once somebody is told of them.
    files: OnceCell<FileTree>,
    /// Where the files that were built from lie after links are followed.
    inputs: BTreeSet<PathBuf>,
}

/// Whether a folder holds a kustomization.
pub(crate) fn is_in(folder: &Path) -> bool {
    FILE_NAMES.iter().any(|name| folder.join(name).is_file())
}

/// Why there is no kustomization where an argument says, and the argument that is meant.
pub(crate) fn missing_from(argument: &Path, surroundings: &Surroundings) -> Failure {
    let folder = surroundings.absolute(argument);
    let shown = surroundings.shown(&folder);
    Failure::System(match (argument.to_str(), fs::metadata(&folder)) {
        (Some(text), Err(_)) if is_remote(text) => format!(
            "`{text}` lies on the network, and a build reads nothing from there: fetch it once, and name the folder where it lies"
        ),
        (_, Err(error)) if error.kind() == ErrorKind::NotFound => {
            let near = folder.parent().zip(folder.file_name()).and_then(|(above, name)| {
                let names = names(above, Path::is_dir);
                let near = nearest(name.to_str()?, names.iter().map(String::as_str))?;
                Some(surroundings.shown(&above.join(near)))
            });
            let near = near.map(|near| format!(": did you mean `{near}`?")).unwrap_or_default();
            format!("there is no folder `{shown}`{near}")
        }
        (_, Err(error)) => return Failure::io("read", &folder, &error),
        (_, Ok(found)) if !found.is_dir() => {
            let above = folder.parent().map(|above| surroundings.shown(above)).unwrap_or_default();
            format!("`{shown}` is a file: name the folder of its kustomization, `{above}`")
        }
        (_, Ok(_)) => {
            if let Err(error) = fs::read_dir(&folder) {
                return Failure::io("read", &folder, &error);
            }
            if let Some(link) = FILE_NAMES.iter().map(|name| folder.join(name)).find(|path| path.is_symlink()) {
                let shown = surroundings.shown(&link);
                return Failure::System(format!(
                    "`{shown}` is a link that leads to no file: put the file in its place"
                ));
            }
            let near =
                misnamed(&names(&folder, Path::is_file)).map(|name| format!(": call `{name}` `{}`", FILE_NAMES[0]));
            format!("there is no kustomization.yaml in `{shown}`{}", near.unwrap_or_default())
        }
    })
}

/// The names of those things in a folder that are of a kind.
fn names(folder: &Path, is_it: fn(&Path) -> bool) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> =
        entries.filter(|entry| is_it(&entry.path())).filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort_unstable();
    names
}

impl Kustomization {
    /// The one in this folder, of which nothing is read yet.
    pub(crate) fn in_folder(folder: &Path) -> Result<Self, Failure> {
        let home = folder.canonicalize().map_err(|error| Failure::io("read", folder, &error))?;
        // A folder with a name that is no text can only be above the tree.
        let root = home.ancestors().take_while(|above| below(above, &home).is_some()).last().unwrap_or(&home);
        let folder = below(root, &home).unwrap_or_default();
        Ok(Self { root: root.to_owned(), folder, read: Vec::new(), files: OnceCell::new(), inputs: BTreeSet::new() })
    }

    /// Takes in a file that no build reads, so that a report can show it.
    pub(crate) fn include(&mut self, file: &Path, text: &str) -> Result<TreePath, Failure> {
        let file = file.canonicalize().map_err(|error| Failure::io("read", file, &error))?;
        let path = below(&self.root, &file).ok_or(DiskError::NotText { path: file })?;
        self.read.push((path.clone(), text.into()));
        self.files.take();
        Ok(path)
    }

    fn files(&self) -> &FileTree {
        self.files.get_or_init(|| {
            let mut files = FileTree::new();
            self.read.iter().for_each(|(path, bytes)| files.insert(path.clone(), bytes));
            files
        })
    }

    /// Whether a file is one that it was built from.
    pub(crate) fn reads(&self, file: &Path) -> bool {
        file.canonicalize().is_ok_and(|file| self.inputs.contains(&file))
    }

    /// A place in one of its files, as a person in the current directory names it.
    pub(crate) fn shown(&self, at: &Locus, surroundings: &Surroundings) -> Option<String> {
        let Locus::File { path, span } = at else { return None };
        let place = LineColumn::of(self.files().text(path)?, span.start);
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
        let disk = DiskFiles::below(&self.root);
        let built = build(&disk, &self.folder, options);
        self.files.take();
        let (read, refusal) = disk.into_read();
        for (path, file) in read {
            self.read.push((path, file.bytes));
            self.inputs.insert(file.place);
        }
        let built = built.map_err(|error| self.refused(error.report(), outcome, surroundings))?;
        refusal.map_or(Ok(built), Err)
    }

    /// A report with the files that it is about, as a person in the current directory names them.
    pub(crate) fn refused(&self, report: &Report, outcome: &'static str, surroundings: &Surroundings) -> Refused {
        let cwd = surroundings.folder.canonicalize().ok().and_then(|cwd| below(&self.root, &cwd));
        let shared = self.files().iter().fold(self.folder.clone(), |shared, (path, _)| shared_folder(shared, path));
        // Where not all lies below the current directory, the folder that holds all is as good.
        let from = cwd.filter(|cwd| shared.is_in(cwd)).unwrap_or(shared);
        let (report, files) = renamed(report, self.files(), |path| TreePath::new(&from.to(path)).ok());
        Refused { report, files, outcome }
    }
}

/// The innermost folder that holds both a folder and a file.
fn shared_folder(mut folder: TreePath, file: &TreePath) -> TreePath {
    while !file.is_in(&folder) {
        folder = folder.parent().unwrap_or_default();
    }
    folder
}

/// The path in the tree of what lies below its root.
fn below(root: &Path, path: &Path) -> Option<TreePath> {
    let parts: Option<Vec<&str>> = path.strip_prefix(root).ok()?.iter().map(|part| part.to_str()).collect();
    TreePath::new(&parts?.join("/")).ok()
}
