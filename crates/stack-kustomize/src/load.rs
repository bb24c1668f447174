//! Finding files: what a kustomization may read, and what it means by a path.

use stack_source::{Diagnostic, FileKind, Files, InvalidTreePath, Locus, Obstacle, Span, TreePath, nearest};

use crate::block::Block;
use crate::error::Result;
use crate::kustomization::FILE_NAMES;
use crate::rules::{CYCLE, INVALID_KUSTOMIZATION, MISSING_FILE, OUTSIDE_ROOT, REMOTE};

/// How many folders may lead from one to the next. Each is entered by recursion, which in a debug build takes up to 14 KiB of the
/// stack; a patch of the deepest object at their end takes 1.6 MiB of a thread's two. Nobody's bases nest by a third of that.
pub(crate) const MOST_NESTED: usize = 25;

/// How many near names are looked at for one of the right kind.
const MOST_NEAR: usize = 3;

/// A folder with a kustomization, and those that led to it.
#[derive(Clone)]
pub(crate) struct Place<'a> {
    files: &'a dyn Files,
    pub(crate) folder: TreePath,
    /// The folders that are being built, outermost first.
    visited: Vec<TreePath>,
    /// Whether files may lie anywhere.
    anywhere: bool,
}

impl<'a> Place<'a> {
    pub(crate) fn new(files: &'a dyn Files, folder: TreePath, anywhere: bool) -> Self {
        Self { files, visited: vec![folder.clone()], folder, anywhere }
    }

    /// The kustomization file of the folder.
    pub(crate) fn kustomization(&self, at: &Locus) -> Result<(TreePath, &'a str)> {
        let found: Vec<(TreePath, &[u8])> = FILE_NAMES
            .iter()
            .filter_map(|name| self.folder.join(name).ok())
            .filter_map(|path| self.read(&path).map(|bytes| (path, bytes)))
            .collect();
        // Paths are told from the folder that lists this one: `at` lies there.
        let from = self.visited.iter().rev().nth(1).unwrap_or(&self.folder);
        match found.as_slice() {
            [(path, bytes)] => match std::str::from_utf8(bytes) {
                Ok(text) => Ok((path.clone(), text)),
                Err(_) => Err(not_text(&from.to(path), at).into()),
            },
            [] => {
                for path in FILE_NAMES.iter().filter_map(|name| self.folder.join(name).ok()) {
                    if let Some(obstacle) = self.obstacle(&path) {
                        return Err(in_the_way(&from.to(&path), &obstacle, at).into());
                    }
                }
                let message = format!("there is no kustomization in `{}`", from.to(&self.folder));
                let help = match misnamed(&self.files.names(&self.folder)) {
                    Some(name) => {
                        format!("call `{}` `{}`", from.to(&self.folder.join(name).unwrap_or_default()), FILE_NAMES[0])
                    }
                    None => format!("put a file `{}` there", FILE_NAMES[0]),
                };
                Err(Diagnostic::new(&MISSING_FILE, message).at(at.clone()).help(help).into())
            }
            [(first, _), ..] => {
                Err(Diagnostic::new(&INVALID_KUSTOMIZATION, "there is more than one kustomization in this folder")
                    .at(Locus::in_file(first.clone(), Span::default()))
                    .help("keep one of `kustomization.yaml`, `kustomization.yml` and `Kustomization`")
                    .into())
            }
        }
    }

    /// The bytes of a file, unless links lead out of the folder to it. Where a path leads out by its text, it is told before with the
    /// place where it is written.
    fn read(&self, path: &TreePath) -> Option<&'a [u8]> {
        self.files.bytes(path, self.bound(path))
    }

    fn obstacle(&self, path: &TreePath) -> Option<Obstacle> {
        self.files.obstacle(path, self.bound(path))
    }

    fn bound(&self, path: &TreePath) -> Option<&TreePath> {
        Some(&self.folder).filter(|folder| !self.anywhere && path.is_in(folder))
    }

    /// What a path means as that of a file: a folder must not be named by an absolute one.
    fn path(&self, named: &str) -> std::result::Result<TreePath, InvalidTreePath> {
        self.files.absolute(named).map_or_else(|| self.folder.join(named), Ok)
    }

    /// The file that a path names, with its bytes.
    pub(crate) fn bytes(&self, relative: &str, at: &Locus) -> Result<(TreePath, &'a [u8])> {
        self.wanted_bytes(Wanted::File, relative, at)
    }

    fn wanted_bytes(&self, wanted: Wanted, relative: &str, at: &Locus) -> Result<(TreePath, &'a [u8])> {
        if is_remote(relative) {
            return Err(remote(relative, at).into());
        }
        let path = self.path(relative).map_err(|error| {
            Diagnostic::new(&OUTSIDE_ROOT, error.to_string()).at(at.clone()).help("copy the file into this folder")
        })?;
        if !self.anywhere && !path.is_in(&self.folder) && self.is_file_at(&path) {
            let message = format!("`{relative}` does not lie in the folder of the kustomization");
            return Err(Diagnostic::new(&OUTSIDE_ROOT, message).at(at.clone()).help(self.inside(&path, wanted)).into());
        }
        match self.read(&path) {
            Some(bytes) => Ok((path, bytes)),
            None => Err(self.missing(Wanted::File, relative, &path, at).into()),
        }
    }

    /// The edits by which a file may be read that lies outside.
    fn inside(&self, path: &TreePath, wanted: Wanted) -> String {
        let folder = path.parent().unwrap_or_default();
        // Who lists a folder around the own one goes in a circle.
        let list = match wanted {
            Wanted::Either if !self.folder.is_in(&folder) => {
                format!("make a kustomization in `{}` and list that folder, ", self.folder.to(&folder))
            }
            _ => String::new(),
        };
        format!("put the file below the kustomization, {list}or build with `--load-restrictor LoadRestrictionsNone`")
    }

    /// The file that a path names, with its text.
    pub(crate) fn text(&self, relative: &str, at: &Locus) -> Result<(TreePath, &'a str)> {
        self.wanted_text(Wanted::File, relative, at)
    }

    /// The same, where the path might name a folder as well.
    pub(crate) fn wanted_text(&self, wanted: Wanted, relative: &str, at: &Locus) -> Result<(TreePath, &'a str)> {
        let (path, bytes) = self.wanted_bytes(wanted, relative, at)?;
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok((path, text)),
            Err(_) => Err(not_text(relative, at).into()),
        }
    }

    /// Whether a path names a file that is there.
    pub(crate) fn is_file(&self, relative: &str) -> bool {
        self.path(relative).is_ok_and(|path| self.is_file_at(&path))
    }

    /// The lines of a text that is the value at a place.
    pub(crate) fn block(&self, text: &str, at: &Locus) -> Option<Block> {
        let Locus::File { path, span } = at else { return None };
        Block::new(text, path, *span, self.read(path)?)
    }

    /// The folder that a path names, as a place for a kustomization of its own.
    pub(crate) fn folder(&self, relative: &str, wanted: Wanted, at: &Locus) -> Result<Self> {
        let path = self.folder.join(relative);
        let found = path.as_ref().ok().and_then(|path| self.files.folder(path));
        if is_remote(relative) && found.is_none() {
            return Err(remote(relative, at).into());
        }
        if relative.is_empty() {
            return Err(Diagnostic::new(&MISSING_FILE, "the path is empty").at(at.clone()).into());
        }
        let path = path.map_err(|error| {
            let help = if relative.contains('\\') {
                format!("write `{}`", relative.replace('\\', "/"))
            } else {
                "write a path that is relative to the kustomization and stays in the tree".to_owned()
            };
            Diagnostic::new(&OUTSIDE_ROOT, error.to_string()).at(at.clone()).help(help)
        })?;
        let Some(folder) = found else { return Err(self.missing(wanted, relative, &path, at).into()) };
        if let Some(visited) = self.visited.iter().find(|visited| visited.is_in(&folder)) {
            let name = visited.name().unwrap_or(".");
            let message = format!("`{relative}` leads back to `{name}`, which is being built");
            return Err(Diagnostic::new(&CYCLE, message).at(at.clone()).help("take it out").into());
        }
        if self.visited.len() >= MOST_NESTED {
            let message = format!("folders lead from one to the next for more than {MOST_NESTED} levels");
            let help = "list them side by side, in one kustomization";
            return Err(Diagnostic::new(&CYCLE, message).at(at.clone()).help(help).into());
        }
        let mut visited = self.visited.clone();
        visited.push(folder.clone());
        Ok(Self { files: self.files, folder, visited, anywhere: self.anywhere })
    }

    fn missing(&self, wanted: Wanted, relative: &str, path: &TreePath, at: &Locus) -> Diagnostic {
        let (is_file, is_folder) = (self.is_file_at(path), self.is_folder_at(path));
        if let Some(obstacle) = self.obstacle(path) {
            return in_the_way(relative, &obstacle, at);
        }
        let (message, help) = match wanted {
            Wanted::File if is_folder => (
                format!("`{relative}` is a folder, and a file is due here"),
                Some("write the path of a file in it".to_owned()),
            ),
            Wanted::Folder if is_file => (
                format!("`{relative}` is a file, and a folder with a kustomization is due here"),
                Some("write the folder of a kustomization; files with objects stand under `resources`".to_owned()),
            ),
            _ if relative.contains(['*', '?']) => (
                format!("there is no `{relative}` here"),
                Some("list each file by its name: kustomize knows no patterns of paths".to_owned()),
            ),
            _ => {
                let near = self.near(wanted, path).map(|near| format!("did you mean `{}`?", self.folder.to(&near)));
                (format!("there is no `{relative}` here"), near)
            }
        };
        Diagnostic::new(&MISSING_FILE, message).at(at.clone()).maybe_help(help)
    }

    /// The path that may be meant: what lies there is of the right kind.
    fn near(&self, wanted: Wanted, path: &TreePath) -> Option<TreePath> {
        // The first part that is not there; what stands behind it must be there below another.
        let mut missing = path.clone();
        while let Some(parent) = missing.parent().filter(|parent| !self.is_folder_at(parent)) {
            missing = parent;
        }
        let rest = path.as_str().strip_prefix(missing.as_str())?.trim_start_matches('/');
        let folder = missing.parent().unwrap_or_default();
        let is_right = |path: &TreePath| match wanted {
            Wanted::File => self.is_file_at(path),
            Wanted::Folder => self.is_folder_at(path),
            Wanted::Either => self.is_file_at(path) || self.is_folder_at(path),
        };
        let mut names = self.files.names(&folder);
        for _ in 0..MOST_NEAR {
            let near = nearest(missing.name()?, names.iter().map(String::as_str))?.to_owned();
            let path = folder.join(&near).and_then(|near| near.join(rest)).ok().filter(is_right);
            if path.is_some() {
                return path;
            }
            names.retain(|name| *name != near);
        }
        None
    }

    fn is_file_at(&self, path: &TreePath) -> bool {
        self.files.kind(path) == Some(FileKind::File)
    }

    fn is_folder_at(&self, path: &TreePath) -> bool {
        self.files.kind(path) == Some(FileKind::Folder)
    }
}

/// Of the names in a folder, the one that is hardly anything but a kustomization's, spelled otherwise.
///
/// ```
/// let names = ["a.yaml", "Kustomization.yaml"].map(str::to_owned);
/// assert_eq!(stack_kustomize::misnamed(&names), Some("Kustomization.yaml"));
/// ```
pub fn misnamed(names: &[String]) -> Option<&str> {
    FILE_NAMES.iter().find_map(|name| nearest(name, names.iter().map(String::as_str)))
}

/// What a path is to name.
#[derive(Clone, Copy)]
pub(crate) enum Wanted {
    File,
    /// A folder with a kustomization.
    Folder,
    /// Such a folder, or a file, which was tried before.
    Either,
}

/// Something that is there and is not given.
fn in_the_way(path: &str, obstacle: &Obstacle, at: &Locus) -> Diagnostic {
    let (rule, help) = match obstacle {
        Obstacle::LeadsOut(_) => {
            (&OUTSIDE_ROOT, "put a copy there, or build with `--load-restrictor LoadRestrictionsNone`")
        }
        Obstacle::LeadsNowhere(_) | Obstacle::Circle => (&MISSING_FILE, "put what it is to lead to in its place"),
        Obstacle::Special => (&MISSING_FILE, "name a regular file: a build reads no pipes and no devices"),
        Obstacle::Denied => (&MISSING_FILE, "make it readable"),
        _ => (&MISSING_FILE, ""),
    };
    let diagnostic = Diagnostic::new(rule, format!("`{path}` {obstacle}")).at(at.clone());
    if help.is_empty() { diagnostic } else { diagnostic.help(help) }
}

fn not_text(path: &str, at: &Locus) -> Diagnostic {
    Diagnostic::new(&crate::rules::INVALID_YAML, format!("`{path}` is no text: it is not UTF-8")).at(at.clone())
}

/// Whether a path names something on the network, as kustomize sees it.
pub fn is_remote(path: &str) -> bool {
    const STARTS: [&str; 8] =
        ["http://", "https://", "git::", "git@", "ssh://", "file://", "github.com/", "github.com:"];
    STARTS.iter().any(|start| path.starts_with(start)) || path.contains(".git//") || path.contains("?ref=")
}

fn remote(path: &str, at: &Locus) -> Diagnostic {
    Diagnostic::new(&REMOTE, format!("`{path}` lies on the network"))
        .at(at.clone())
        .help("fetch it once, keep it in the tree (`git subtree`, or `curl -o`), and write its path here")
}
