use std::fs;
use std::path::{Path, PathBuf};

use super::Failure;
use super::tools::Builder;
use crate::kstack_command::kstack;
use crate::shell;

/// A folder with an emitted tree in it.
pub(super) struct Subject {
    pub(super) name: String,
    pub(super) root: PathBuf,
    /// Whether kstack emitted it: then `kstack render` has its say.
    is_package: bool,
}

impl Subject {
    /// The packages in `examples/`.
    pub(super) fn all() -> Vec<Self> {
        folders(&shell::repository().join("examples"))
            .into_iter()
            .map(|name| Self { root: shell::repository().join("examples").join(&name), name, is_package: true })
            .filter(|subject| subject.root.join("stack.yaml").exists())
            .collect()
    }

    /// Any tree.
    pub(super) fn given(folder: &str) -> Self {
        Self { name: folder.to_owned(), root: folder.into(), is_package: false }
    }

    pub(super) fn environments(&self) -> Vec<String> {
        folders(&self.root.join("k8s/overlays"))
    }

    pub(super) fn overlay(&self, environment: &str) -> PathBuf {
        self.root.join("k8s/overlays").join(environment)
    }

    /// Where the result of the real programs is kept; nowhere for a tree that is not of this repository.
    pub(super) fn stored(&self, environment: &str) -> Option<PathBuf> {
        let results = shell::repository().join("tests/judges/results");
        self.is_package.then(|| results.join(&self.name).join(format!("{environment}.yaml")))
    }

    /// What `kstack render` says; what the newest builder says where the tree is not a package.
    pub(super) fn render(&self, environment: &str, builders: &[Builder]) -> Result<Vec<u8>, Failure> {
        if !self.is_package {
            return Ok(builders
                .last()
                .map(|newest| newest.build(&self.overlay(environment)))
                .transpose()?
                .unwrap_or_default());
        }
        let package = self.root.to_string_lossy();
        Ok(kstack(&["render", environment, "--package", &package])?.stdout)
    }

    /// What `kstack check --tree` says of a kustomization.
    pub(super) fn check_tree(&self, folder: &Path) -> Result<(), String> {
        if self.is_package {
            kstack(&["check", "--tree", &folder.to_string_lossy()])?;
        }
        Ok(())
    }
}

/// All subjects with their environments; an error where one has nothing to judge.
pub(super) fn overlays(subjects: &[Subject]) -> Result<Vec<(&Subject, String)>, Failure> {
    let mut overlays = Vec::new();
    for subject in subjects {
        let environments = subject.environments();
        if environments.is_empty() {
            let how = format!("{} has no emitted tree: cargo xtask emit dev", subject.name);
            return Err(Failure::Wrong(how));
        }
        overlays.extend(environments.into_iter().map(|environment| (subject, environment)));
    }
    Ok(overlays)
}

fn folders(parent: &Path) -> Vec<String> {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .filter(|entry| entry.path().is_dir())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort();
    names
}
