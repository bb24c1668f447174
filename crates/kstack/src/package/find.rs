use std::path::{Path, PathBuf};

use super::STACK;
use crate::Surroundings;
use crate::failure::Failure;

/// The folder of the package that is meant: the one that is named, else the current directory, else the default.
pub(crate) fn find(named: Option<&Path>, surroundings: &Surroundings) -> Result<PathBuf, Failure> {
    let program = &surroundings.program;
    if let Some(named) = named {
        let folder = surroundings.absolute(named);
        let folder = if folder.file_name().is_some_and(|name| name == STACK) && folder.is_file() {
            folder.parent().map(Path::to_owned).unwrap_or_default()
        } else {
            folder
        };
        if folder.join(STACK).is_file() {
            return Ok(folder);
        }
        let shown = surroundings.shown(&folder);
        let what =
            if folder.is_dir() { format!("`{shown}` has no {STACK}") } else { format!("there is no folder `{shown}`") };
        return Err(Failure::System(format!(
            "{what}: a package is a folder with a {STACK}; `{program} new NAME` makes one"
        )));
    }
    if surroundings.folder.join(STACK).is_file() {
        return Ok(surroundings.folder.clone());
    }
    surroundings.default_package.clone().ok_or_else(|| {
        let above = surroundings.folder.ancestors().skip(1).find(|folder| folder.join(STACK).is_file());
        let help = match above {
            Some(above) => format!("there is one in `{}`: use `--package`", above.display()),
            None => format!("name a package with `--package DIR`, or make one with `{program} new NAME`"),
        };
        Failure::System(format!("there is no {STACK} in the current directory; {help}"))
    })
}
