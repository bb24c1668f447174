//! Where the judges are: see tests/judges/install.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::Failure;
use crate::shell;

pub(super) const KUSTOMIZE_BATCH: &str = "kustomize-batch-5.6.0";
pub(super) const SKAFFOLD: &str = "skaffold-2.24.0";
pub(super) const SCHEMAS: &str = "kubernetes-validate-1.37.0";
const KUSTOMIZES: [&str; 2] = ["5.6.0", "5.8.1"];

/// A program that builds a kustomization.
pub(super) struct Builder {
    pub(super) name: String,
    program: PathBuf,
    verb: &'static str,
}

impl Builder {
    /// What is typed before the folder.
    pub(super) fn command(&self) -> String {
        format!("{} {}", self.program.display(), self.verb)
    }

    /// The final stream of the kustomization in `folder`.
    pub(super) fn build(&self, folder: &Path) -> Result<Vec<u8>, String> {
        shell::output(shell::command(&self.program).arg(self.verb).arg(folder))
            .map_err(|why| format!("{}: {why}", self.name))
    }
}

/// Every kubectl from 1.30 on, then both kustomizes.
pub(super) fn builders() -> Result<Vec<Builder>, Failure> {
    let found = shell::text(&mut shell::command("tests/judges/kubectls"))?;
    let mut builders: Vec<Builder> = found
        .lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(version, path)| Builder { name: format!("kubectl {version}"), program: path.into(), verb: "kustomize" })
        .collect();
    if builders.is_empty() {
        let how = "needs a kubectl from 1.30 on: put one on the PATH, or name some in KSTACK_KUBECTLS";
        return Err(Failure::Missing(how.to_owned()));
    }
    for version in KUSTOMIZES {
        let program = binary(&format!("kustomize-{version}"), "kustomize")?;
        builders.push(Builder { name: format!("kustomize {version}"), program, verb: "build" });
    }
    Ok(builders)
}

/// The versions in words: `5 kubectls 1.30.13 … 1.33.1, kustomize 5.6.0, 5.8.1`.
pub(super) fn named(builders: &[Builder]) -> String {
    let versions = |program: &str| -> Vec<&str> {
        let mut versions: Vec<&str> =
            builders.iter().filter_map(|builder| builder.name.strip_prefix(program)).collect();
        versions.sort_unstable();
        versions
    };
    format!("kubectl {} and kustomize {}", versions("kubectl ").join(", "), versions("kustomize ").join(", "))
}

/// A program that tests/judges/install puts there under `judge`'s name.
pub(super) fn binary(name: &str, judge: &str) -> Result<PathBuf, Failure> {
    installed(&Path::new("bin").join(name), judge)
}

/// The Python of the environment that holds kubernetes-validate.
pub(super) fn validator() -> Result<PathBuf, Failure> {
    installed(&Path::new(SCHEMAS).join("bin/python"), "schemas")
}

/// The schemas of custom resources.
pub(super) fn definitions() -> PathBuf {
    home().join("schemas")
}

/// The folder of the cluster judges, with their programs and images in it.
pub(super) fn cluster() -> Result<PathBuf, Failure> {
    installed(Path::new("cluster/images.containerd"), "cluster")?;
    Ok(home().join("cluster"))
}

/// A program of the system.
pub(super) fn on_path(name: &str, judge: &str) -> Result<(), Failure> {
    match shell::run(Command::new(name).arg("--version")) {
        Ok(output) if output.status.success() => Ok(()),
        _ => Err(missing(name, judge)),
    }
}

fn installed(path: &Path, judge: &str) -> Result<PathBuf, Failure> {
    let place = home().join(path);
    if place.exists() { Ok(place) } else { Err(missing(&path.to_string_lossy(), judge)) }
}

fn missing(what: &str, judge: &str) -> Failure {
    Failure::Missing(format!("{what} is not there: cargo xtask judge install {judge}"))
}

fn home() -> PathBuf {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    variable("KSTACK_JUDGES").unwrap_or_else(|| {
        let cache = variable("XDG_CACHE_HOME").or_else(|| variable("HOME").map(|home| home.join(".cache")));
        cache.unwrap_or_default().join("kstack-judges")
    })
}
