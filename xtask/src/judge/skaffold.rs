use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::subject::{Subject, overlays};
use super::yaml::{documents, list, text};
use super::{Failure, Verdict, count, tools};
use crate::shell;

/// The real Skaffold takes each package's skaffold.yaml, without a cluster, Docker or a registry.
pub(super) fn ask(subjects: &[Subject]) -> Verdict {
    let skaffold = tools::binary(tools::SKAFFOLD, "skaffold")?;
    let builders = tools::builders()?;
    overlays(subjects)?;
    let (mut objects, mut images, mut forwards) = (0, 0, 0);
    for subject in subjects {
        let bench = Bench::new(&skaffold, &subject.root)?;
        let config = documents(
            &fs::read(subject.root.join("skaffold.yaml"))
                .map_err(|error| format!("{}/skaffold.yaml: {error}", subject.root.display()))?,
        )?;
        let [config] = config.as_slice() else {
            return Err(Failure::Wrong(format!("{}: skaffold.yaml is not one document", subject.name)));
        };
        let environment = environment(subject, config)?;
        let ours = documents(&subject.render(&environment, &builders)?)?;
        let theirs = bench.render(&[])?;
        if ours != theirs {
            let place = ours.iter().zip(&theirs).find(|(ours, theirs)| ours != theirs);
            let shown = place.map_or_else(
                || format!("{} objects against {}", ours.len(), theirs.len()),
                |(ours, theirs)| format!("- {ours}\n+ {theirs}"),
            );
            return Err(Failure::Wrong(format!("{}: `skaffold render` differs from ours\n{shown}", subject.name)));
        }
        let artifacts = artifacts(config);
        substituted(&bench, &artifacts)?;
        built(&bench, &artifacts)?;
        forwards += forwarded(config, &theirs)?;
        objects += theirs.len();
        images += artifacts.len();
    }
    Ok(format!(
        "{}: {} rendered alike, {} built from their contexts and substituted, {} to a Service and its port",
        count(subjects.len(), "skaffold.yaml"),
        count(objects, "object"),
        count(images, "image"),
        count(forwards, "forward")
    ))
}

/// The environment whose overlay Skaffold deploys.
fn environment(subject: &Subject, config: &Value) -> Result<String, Failure> {
    let [path] = list(config, "/manifests/kustomize/paths") else {
        return Err(Failure::Wrong(format!("{}: skaffold.yaml names not one kustomization", subject.name)));
    };
    let name = Path::new(path.as_str().unwrap_or_default()).file_name().unwrap_or_default();
    Ok(name.to_string_lossy().into_owned())
}

fn artifacts(config: &Value) -> Vec<String> {
    list(config, "/build/artifacts").iter().map(|artifact| text(artifact, "/image").to_owned()).collect()
}

/// A tag given to each image is found in what is rendered.
fn substituted(bench: &Bench<'_>, artifacts: &[String]) -> Result<(), Failure> {
    let tagged: Vec<String> =
        artifacts.iter().enumerate().map(|(index, image)| format!("{image}:judged-{index}")).collect();
    let rendered = bench.render(&[&format!("--images={}", tagged.join(","))])?;
    let mut found = BTreeSet::new();
    for object in &rendered {
        collect_images(object, &mut found);
    }
    match tagged.iter().find(|image| !found.contains(image.as_str())) {
        Some(lost) => Err(Failure::Wrong(format!("Skaffold would build {lost} and no pod would run it"))),
        None => Ok(()),
    }
}

fn collect_images<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(image)) = fields.get("image") {
                found.insert(image);
            }
            fields.values().for_each(|value| collect_images(value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_images(item, found)),
        _ => {}
    }
}

/// All contexts are there.
fn built(bench: &Bench<'_>, artifacts: &[String]) -> Result<(), Failure> {
    let said = shell::output(bench.command().args(["build", "--dry-run", "--quiet"]))?;
    let said: Value = serde_json::from_slice(&said).map_err(|error| error.to_string())?;
    let built: Vec<&str> = list(&said, "/builds").iter().map(|build| text(build, "/imageName")).collect();
    match artifacts.iter().find(|image| !built.contains(&image.as_str())) {
        Some(lost) => Err(Failure::Wrong(format!("Skaffold does not build {lost}"))),
        None => Ok(()),
    }
}

/// Skaffold accepts a forward to nowhere, so this is looked up here.
fn forwarded(config: &Value, objects: &[Value]) -> Result<usize, Failure> {
    let forwards = list(config, "/portForward");
    let mut local_ports = BTreeSet::new();
    for forward in forwards {
        let (kind, name) = (text(forward, "/resourceType"), text(forward, "/resourceName"));
        let namespace = text(forward, "/namespace");
        let port = forward.pointer("/port");
        let meets = objects.iter().any(|object| {
            let in_namespace = ["", "default", namespace].contains(&text(object, "/metadata/namespace"));
            text(object, "/kind").eq_ignore_ascii_case(kind)
                && text(object, "/metadata/name") == name
                && in_namespace
                && list(object, "/spec/ports")
                    .iter()
                    .any(|known| known.pointer("/port") == port || known.pointer("/name") == port)
        });
        if !meets {
            return Err(Failure::Wrong(format!("the forward {forward} meets no port of what is rendered")));
        }
        if !local_ports.insert(forward.pointer("/localPort").unwrap_or_default().to_string()) {
            return Err(Failure::Wrong(format!("two forwards want the local port of {forward}")));
        }
    }
    Ok(forwards.len())
}

/// Skaffold in an environment of its own, so that no run depends on another or on the machine.
struct Bench<'a> {
    skaffold: &'a Path,
    root: &'a Path,
    home: tempfile::TempDir,
}

impl<'a> Bench<'a> {
    fn new(skaffold: &'a Path, root: &'a Path) -> Result<Self, String> {
        let home = tempfile::tempdir().map_err(|error| error.to_string())?;
        fs::write(home.path().join("config.json"), "{}").map_err(|error| error.to_string())?;
        Ok(Self { skaffold, root, home })
    }

    fn command(&self) -> Command {
        let mut command = shell::command(self.skaffold);
        command
            .current_dir(self.root)
            .env("HOME", self.home.path())
            .env("DOCKER_CONFIG", self.home.path())
            .env_remove("KUBECONFIG")
            .envs([("SKAFFOLD_UPDATE_CHECK", "false"), ("SKAFFOLD_INTERACTIVE", "false"), ("SKAFFOLD_COLOR", "0")]);
        command
    }

    fn render(&self, arguments: &[&str]) -> Result<Vec<Value>, String> {
        let file: PathBuf = self.home.path().join("rendered.yaml");
        let mut command = self.command();
        command.args(["render", "--offline=true", "--digest-source=none", "--output"]).arg(&file).args(arguments);
        shell::output(&mut command)?;
        documents(&fs::read(&file).map_err(|error| error.to_string())?)
    }
}
