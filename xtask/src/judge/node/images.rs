use std::fs;
use std::path::Path;

use serde_json::Value;

use super::Node;
use crate::judge::package::Package;
use crate::judge::yaml::{list, text};
use crate::shell;

/// An image that a package builds, and the tag under which the node has it.
#[derive(Clone)]
pub(in crate::judge) struct Image {
    pub(in crate::judge) name: String,
    pub(in crate::judge) tag: String,
}

/// Builds the images of llm-stack, as its skaffold.yaml says, and brings them to the node.
pub(super) fn build(node: &Node) -> Result<Vec<Image>, String> {
    let package = Package::llm_stack(node, "images")?;
    let file = package.folder().join("builds.json");
    shell::output(node.skaffold(package.folder()).args(["build", "--file-output"]).arg(&file))?;
    let built = fs::read(&file).map_err(|error| error.to_string())?;
    let built: Value = serde_json::from_slice(&built).map_err(|error| error.to_string())?;
    let images: Vec<Image> = list(&built, "/builds")
        .iter()
        .map(|build| Image { name: text(build, "/imageName").to_owned(), tag: text(build, "/tag").to_owned() })
        .collect();
    let mut load = node.command("kind");
    load.args(["load", "docker-image", "--name", "judge"]).args(images.iter().map(|image| &image.tag));
    shell::output(&mut load)?;
    Ok(images)
}

impl Node {
    /// Builds an image as a pipeline for production would, and brings it to the node.
    pub(in crate::judge) fn build(&self, context: &Path, tag: &str) -> Result<(), String> {
        let mut build = self.command("docker");
        build.args(["build", "--quiet", "--tag", tag, "--build-arg", "VITE_API_BASE_URL=/api"]).arg(context);
        shell::output(&mut build)?;
        shell::output(self.command("kind").args(["load", "docker-image", "--name", "judge", tag])).map(drop)
    }
}
