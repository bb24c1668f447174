use std::path::{Path, PathBuf};

/// Where a command runs, and what it takes for granted there.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// What a person types to run it: `kstack`, `cargo xtask`.
    pub program: String,
    /// The current directory.
    pub folder: PathBuf,
    /// The package where none is named and the current directory holds none.
    pub default_package: Option<PathBuf>,
    /// A folder whose skaffold.yaml requires that of the default package, so that Skaffold may be started there too.
    pub skaffold_folder: Option<PathBuf>,
    /// What stands below the help: commands that someone else adds.
    pub more_help: Option<String>,
}

impl Surroundings {
    /// Those of the installed program, in this directory.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self {
            program: "kstack".to_owned(),
            folder: folder.into(),
            default_package: None,
            skaffold_folder: None,
            more_help: None,
        }
    }

    /// A path as a person in the current directory writes it.
    pub(crate) fn shown(&self, path: &Path) -> String {
        let path = match path.strip_prefix(&self.folder) {
            Ok(inside) if inside.as_os_str().is_empty() => Path::new("."),
            Ok(inside) => inside,
            Err(_) => path,
        };
        path.display().to_string().replace('\\', "/")
    }

    /// A path that a person wrote, from the root.
    pub(crate) fn absolute(&self, path: &Path) -> PathBuf {
        plain(&self.folder.join(path))
    }
}

/// Resolves `.` and `..` by their text.
pub(crate) fn plain(path: &Path) -> PathBuf {
    use std::path::Component;

    let mut result = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                result.pop();
            }
            other => result.push(other),
        }
    }
    result
}

/// The way from one folder to another, both from the root, with `/` between its parts.
pub(crate) fn way(from: &Path, to: &Path) -> String {
    let shared = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    if shared == 0 {
        return to.display().to_string().replace('\\', "/");
    }
    let up = from.components().skip(shared).map(|_| "..".to_owned());
    let down = to.components().skip(shared).map(|part| part.as_os_str().to_string_lossy().into_owned());
    let parts: Vec<String> = up.chain(down).collect();
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}
