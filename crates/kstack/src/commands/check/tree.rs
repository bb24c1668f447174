//! A tree on disk, ours or not: what it names and does not have.

use std::fs;
use std::path::{Path, PathBuf};

use stack_krm::yaml::{Limits, Node, read};
use stack_kustomize::BuildOptions;
use stack_overlay::dangling::dangling;
use stack_source::Report;

use crate::failure::Failure;
use crate::kustomization::{self, Kustomization};
use crate::report;
use crate::surroundings::plain;
use crate::table::count;
use crate::{Console, Exit, Surroundings};

/// Where kustomizations are looked for in a folder that is none itself.
const PLACES: [&str; 4] = ["k8s/base", "k8s/overlays", "base", "overlays"];

/// The namespace of objects that name none.
const NAMESPACE: &str = "default";

pub(super) fn run(
    folder: &Path,
    json: bool,
    surroundings: &Surroundings,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let trees = trees(folder);
    if trees.is_empty() {
        let shown = surroundings.shown(folder);
        let help = "a tree is a folder with a kustomization.yaml, or with k8s/overlays";
        return Err(Failure::System(format!("there is no kustomization in `{shown}`: {help}")));
    }
    let mut all = Vec::new();
    let mut exit = Exit::Good;
    for tree in trees {
        let (report, objects) = judged(&tree, folder, surroundings)?;
        let shown = surroundings.shown(&tree);
        if report.report.has_errors() {
            exit = Exit::Faulty;
        }
        if json {
            let mut value = report::json(&report.report, &report.files);
            value["tree"] = shown.into();
            all.push(value);
        } else {
            console.print(&text(&shown, &report, objects, console.is_coloured()))?;
        }
    }
    if json {
        console.print(&format!("{:#}\n", serde_json::Value::from(all)))?;
    }
    Ok(exit)
}

fn text(shown: &str, report: &report::Refused, objects: usize, colour: bool) -> String {
    let objects = count(objects, "object", "objects");
    let (errors, all) = (report.report.errors(), report.report.iter().count());
    let warnings = count(all - errors, "warning", "warnings");
    let told = report.report.render(&report.files, colour);
    match (errors, all) {
        (_, 0) => format!("good   {shown}  {objects}, nothing dangles\n"),
        (0, _) => format!("good   {shown}  {objects}, {warnings}\n\n{told}\n\n"),
        _ => format!("bad    {shown}  {objects}, {}, {warnings}\n\n{told}\n\n", count(errors, "fault", "faults")),
    }
}

fn judged(tree: &Path, folder: &Path, surroundings: &Surroundings) -> Result<(report::Refused, usize), Failure> {
    let mut kustomization = Kustomization::in_folder(tree)?;
    let skaffold = match skaffold(tree, folder) {
        Some((path, text, root)) => Some((kustomization.include(&path, &text)?, root)),
        None => None,
    };
    let built = kustomization.build(&BuildOptions::default(), "", surroundings)?;
    let skaffold = skaffold.as_ref().map(|(path, root)| (path, root));
    let report: Report = dangling(&built.resources, skaffold, NAMESPACE);
    Ok((kustomization.refused(&report, "", surroundings), built.resources.len()))
}

fn trees(folder: &Path) -> Vec<PathBuf> {
    if kustomization::is_in(folder) {
        return vec![folder.to_owned()];
    }
    let mut trees = Vec::new();
    for place in PLACES.map(|place| folder.join(place)) {
        if kustomization::is_in(&place) {
            trees.push(place);
            continue;
        }
        let entries = fs::read_dir(&place).into_iter().flatten().flatten();
        let mut inside: Vec<PathBuf> =
            entries.map(|entry| entry.path()).filter(|path| kustomization::is_in(path)).collect();
        inside.sort();
        trees.extend(inside);
    }
    trees
}

/// The skaffold.yaml that deploys a tree: the nearest above it that names its folder, or one beside it that names none.
fn skaffold(tree: &Path, folder: &Path) -> Option<(PathBuf, String, Node)> {
    tree.ancestors().take(5).find_map(|above| {
        let path = above.join("skaffold.yaml");
        let text = fs::read_to_string(&path).ok()?;
        let root = document(&text)?;
        let paths = root.at(["manifests", "kustomize", "paths"]).and_then(Node::as_sequence).unwrap_or_default();
        let names_it = |path: &Node| path.as_str().is_some_and(|path| plain(&above.join(path)) == tree);
        let is_it = paths.iter().any(names_it) || (above == folder && paths.is_empty());
        is_it.then_some((path, text, root))
    })
}

fn document(text: &str) -> Option<Node> {
    read(text, &Limits::default()).ok()?.into_iter().next().map(|document| document.root)
}
