//! A copy of llm-stack that a judge may edit, as on a fresh clone.

use std::fs;
use std::path::{Path, PathBuf};

use super::node::{Image, Node};
use crate::kstack_command::kstack;
use crate::shell;

/// What the model `judge` says.
pub(super) const JUDGE_ANSWERS: &str = "The judge has heard you.";

/// Places in litellm/config.yaml, and the dimension of r2r/r2r.toml.
const MODELS: &str = "model_list:\n";
const EMBEDDING: &str = "      model: openai/text-embedding-3-small\n";
const DIMENSION: usize = 512;

pub(super) struct Package {
    folder: PathBuf,
}

impl Package {
    /// All of the example that git would take.
    pub(super) fn llm_stack(node: &Node, name: &str) -> Result<Self, String> {
        let folder = node.folder(name)?;
        let source = shell::repository().join("examples/llm-stack");
        let mut listed = shell::command("git");
        listed.args(["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
        for file in shell::text(listed.current_dir(&source))?.split_terminator('\0') {
            let to = folder.join(file);
            copy(&source.join(file), &to).map_err(|error| format!("{}: {error}", to.display()))?;
        }
        Ok(Self { folder })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Puts a text in the place of another, in one of the package's files; the other must be there.
    pub(super) fn edit(&self, file: &str, from: &str, to: &str) -> Result<(), String> {
        let path = self.folder.join(file);
        let text = fs::read_to_string(&path).map_err(|error| format!("{file}: {error}"))?;
        if !text.contains(from) {
            return Err(format!("{file} does not say {from:?}"));
        }
        fs::write(&path, text.replace(from, to)).map_err(|error| format!("{file}: {error}"))
    }

    /// A model that answers by itself, and embeddings that need no provider.
    pub(super) fn give_models(&self) -> Result<(), String> {
        let config = "litellm/config.yaml";
        let vector = vec!["0.125"; DIMENSION].join(", ");
        self.edit(config, EMBEDDING, &format!("{EMBEDDING}      mock_response: [{vector}]\n"))?;
        let model = format!(
            "  - model_name: judge\n    litellm_params:\n      model: openai/judge\n      api_key: not-used\n      \
             mock_response: {JUDGE_ANSWERS}\n"
        );
        self.edit(config, MODELS, &format!("{MODELS}{model}"))
    }

    pub(super) fn emit(&self, environment: &str) -> Result<(), String> {
        kstack(&["emit", environment, "--package", &self.folder.to_string_lossy()]).map(drop)
    }

    /// What `kstack check --tree` complains about in an overlay; nothing where all is well.
    pub(super) fn dangling(&self, environment: &str) -> Option<String> {
        let overlay = self.folder.join("k8s/overlays").join(environment);
        kstack(&["check", "--tree", &overlay.to_string_lossy()]).err()
    }

    /// An overlay of the judge's own on top of an environment: the namespace, the built images, lower CPU requests, since
    /// two stacks do not fit on two cores; and what a judge wants besides.
    pub(super) fn on_top(
        &self,
        environment: &str,
        namespace: &str,
        images: &[Image],
        besides: &str,
    ) -> Result<PathBuf, String> {
        let folder = self.folder.join("k8s/judge").join(namespace);
        let mut text = format!("resources: [../../overlays/{environment}]\nnamespace: {namespace}\n{besides}images:\n");
        for Image { name, tag } in images {
            let (new_name, new_tag) = tag.rsplit_once(':').unwrap_or((tag, "latest"));
            text.push_str(&format!("- {{name: {name}, newName: {new_name}, newTag: {new_tag}}}\n"));
        }
        text.push_str("patches:\n");
        for kind in ["Deployment", "StatefulSet"] {
            text.push_str(&format!(
                "- target: {{kind: {kind}}}\n  patch: |\n    - op: replace\n      \
                 path: /spec/template/spec/containers/0/resources/requests/cpu\n      value: 10m\n"
            ));
        }
        fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        fs::write(folder.join("kustomization.yaml"), text).map_err(|error| error.to_string())?;
        Ok(folder)
    }
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::copy(from, to).map(drop)
}
