use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use stack_source::TreePath;

/// Reading or writing a folder failed. Nothing was written, [`HalfWay`](Self::HalfWay) aside.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DiskError {
    /// The system refused.
    #[error("cannot {doing} `{}`", .path.display())]
    Io {
        /// What was tried: `read`, `remove`.
        doing: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file or folder has a name that is not text.
    #[error("`{}` has a name that is not UTF-8; rename it", .path.display())]
    NotText {
        /// The name, as far as it can be shown.
        path: PathBuf,
    },
    /// A name that cannot be a part of a path in a tree.
    #[error("`{}` has a name with a backslash; rename it", .path.display())]
    Backslash {
        /// The file or folder.
        path: PathBuf,
    },
    /// A link leads out of the folder that is read.
    #[error("`{}` is a link that leads out of the folder, to `{}`; put a copy there", .link.display(), .target.display())]
    LeadsOut {
        /// The link.
        link: PathBuf,
        /// Where it leads.
        target: PathBuf,
    },
    /// A link leads to a folder that it lies in.
    #[error("`{}` is a link to a folder that it lies in, `{}`", .link.display(), .folder.display())]
    Circle {
        /// The link.
        link: PathBuf,
        /// Where it leads.
        folder: PathBuf,
    },
    /// A file is larger than any that a package has a use for.
    #[error("`{}` has more than {} MiB, and no file of a package may have", .path.display(), .most >> 20)]
    LargeFile {
        /// The file.
        path: PathBuf,
        /// The limit, in bytes.
        most: u64,
    },
    /// More files than the limits allow.
    #[error("`{}` holds more than {most} files; is it the right folder?", .folder.display())]
    TooMany {
        /// The folder that was read.
        folder: PathBuf,
        /// The limit.
        most: usize,
    },
    /// More bytes than the limits allow.
    #[error(
        "`{}` holds more than {} MiB; the largest file is `{largest}`, with {} MiB",
        .folder.display(),
        .most >> 20,
        .bytes >> 20
    )]
    TooLarge {
        /// The folder that was read.
        folder: PathBuf,
        /// The limit, in bytes.
        most: u64,
        /// The largest file that was met.
        largest: TreePath,
        /// Its size.
        bytes: u64,
    },
    /// Another process is writing into the folder.
    #[error("another kstack{} is writing into `{}`; wait for it to end, then run the command again", process(*.by), .folder.display())]
    Locked {
        /// The folder.
        folder: PathBuf,
        /// The other process, where it is known.
        by: Option<u32>,
    },
    /// The record of what was emitted cannot be read.
    #[error(
        "line {line} of `{file}` is not a sum and a path; delete the line, or emit with `--force`, which writes all anew"
    )]
    BadRecord {
        /// The record.
        file: &'static str,
        /// The line, counted from one.
        line: usize,
    },
    /// The record names a file that no emission writes.
    #[error(
        "line {line} of `{file}` names `{path}`, which no emission writes and which is not removed; delete the line"
    )]
    NotEmitted {
        /// The record.
        file: &'static str,
        /// The line, counted from one.
        line: usize,
        /// The file.
        path: TreePath,
    },
    /// The tree is that of another stack.
    #[error(
        "`{file}` says that the tree is that of the stack `{owner}`, and this is `{stack}`; emit into another folder with \
         `--out`, or, if the stack was renamed, make the first line of `{file}` `# stack {stack}`"
    )]
    OtherStack {
        /// The record.
        file: &'static str,
        /// The stack that it names.
        owner: String,
        /// The one that was to be written.
        stack: String,
    },
    /// Git left a conflict in the record.
    #[error(
        "line {line} of `{file}` begins a merge conflict: resolve the stack's own files, then emit with `--force`, which \
         writes all anew"
    )]
    MergeConflict {
        /// The record.
        file: &'static str,
        /// The line, counted from one.
        line: usize,
    },
    /// A path of the tree that the tool does not write.
    #[error("`{path}` cannot be written: {why}")]
    Unfit {
        /// The path.
        path: TreePath,
        /// The reason.
        why: String,
    },
    /// Files that the tool did not write, or that a person has edited since.
    #[error("{}; nothing was written", in_the_way(.0))]
    InTheWay(Vec<InTheWay>),
    /// The folder that the tool uses while it writes is something else.
    #[error("`{}` is in the way: the tool keeps its files there while it writes", .path.display())]
    NotStaging {
        /// Where it is.
        path: PathBuf,
    },
    /// A write stopped half way, and undoing it failed too.
    #[error("cannot {doing} `{}`, and what was written so far could not be taken back; run the command again once that works", .path.display())]
    HalfWay {
        /// What was tried.
        doing: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl DiskError {
    pub(super) fn io<'a>(doing: &'static str, path: &'a Path) -> impl FnOnce(io::Error) -> Self + 'a {
        move |source| Self::Io { doing, path: path.to_owned(), source }
    }
}

fn process(by: Option<u32>) -> String {
    by.map(|id| format!(" (process {id})")).unwrap_or_default()
}

fn in_the_way(files: &[InTheWay]) -> String {
    match files {
        [one] => one.to_string(),
        [first, rest @ ..] => format!("{first}, and {} more", rest.len()),
        [] => String::new(),
    }
}

/// A file that an emission would overwrite or remove, and should not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InTheWay {
    /// The file.
    pub path: TreePath,
    /// Why it is not overwritten.
    pub why: Why,
    /// What leads from the bytes that would be written to those that are there, as a unified diff. None where nothing
    /// would be written or what is there is no file.
    pub diff: Option<String>,
}

/// Why a file is not overwritten or removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Why {
    /// The tool emitted it, and a person has edited it.
    Edited {
        /// Whether the stack has changed too since then: the diff holds both changes.
        stack_changed: bool,
    },
    /// The tool emitted it, a person has edited it, and now the tool would remove it.
    EditedAndDropped,
    /// The tool did not write it.
    NotOurs,
    /// It is a symbolic link.
    Link,
    /// A folder on the way to it is a symbolic link or a file.
    NoFolder,
    /// It is a folder, or something else that is no file.
    NoFile,
    /// The stack was made from it.
    Input,
}

impl Why {
    /// Whether an emission with [`force`](super::Emission::force) would overwrite the file.
    pub fn yields_to_force(self) -> bool {
        matches!(self, Self::Edited { .. } | Self::EditedAndDropped | Self::NotOurs)
    }
}

impl fmt::Display for InTheWay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = &self.path;
        match self.why {
            Why::Edited { stack_changed: false } => write!(f, "`{path}` was edited by hand"),
            Why::Edited { stack_changed: true } => {
                write!(f, "`{path}` was edited by hand, and the stack has changed too")
            }
            Why::EditedAndDropped => write!(f, "`{path}` was edited by hand, and is emitted no longer"),
            Why::NotOurs => write!(f, "`{path}` was not written by this tool"),
            Why::Link => write!(f, "`{path}` is a symbolic link"),
            Why::NoFolder => write!(f, "`{path}` is not a folder of its own, and files are to be written in it"),
            Why::NoFile => write!(f, "`{path}` is not a file, and one is to be written there"),
            Why::Input => write!(f, "`{path}` is what the stack is made from, and the tree holds another"),
        }
    }
}
