use std::fs;
use std::path::{Path, PathBuf};

use kstack::disk;
use stack_source::FileTree;

use super::dangling;
use super::subject::{Subject, overlays};
use super::tools::{Builder, builders, named};
use super::{Failure, Verdict, count, yaml};

/// A kustomization that a person puts on top of the tree's own; `{}` is what lies below.
const ON_TOP: [(&str, &[&str]); 6] = [
    ("a further prefix", &["resources: [{}]\nnamePrefix: a-\n"]),
    ("a further prefix, twice", &["resources: [{}]\nnamePrefix: a-\n", "resources: [{}]\nnamePrefix: b-\n"]),
    ("a further suffix", &["resources: [{}]\nnameSuffix: -z\n"]),
    ("another namespace", &["resources: [{}]\nnamespace: elsewhere\n"]),
    (
        "another namespace and a prefix",
        &["resources: [{}]\nnamespace: elsewhere\n", "resources: [{}]\nnamePrefix: a-\n"],
    ),
    ("two instances", &["resources: [{}]\nnamePrefix: one-\n", "resources: [{}, two]\n"]),
];

/// What a person edits in an overlay of ours.
const BY_HAND: [(&str, &str); 4] = [
    ("the prefix edited", "namePrefix: mine-"),
    ("the suffix edited", "nameSuffix: -mine"),
    ("the namespace edited", "namespace: mine"),
    ("prefix, suffix and namespace edited", "namePrefix: mine-\nnameSuffix: -x\nnamespace: mine"),
];

/// Builds every situation with every builder, and looks for what dangles.
pub(super) fn ask(subjects: &[Subject]) -> Verdict {
    let builders = builders()?;
    overlays(subjects)?;
    let (mut situations, mut builds) = (0, 0);
    for subject in subjects {
        let base = yaml::documents(&builders[0].build(&subject.root.join("k8s/base"))?)?;
        let names = dangling::service_names(&base);
        for (what, folder, work) in situations_of(subject)? {
            let mut seen: Vec<Vec<u8>> = Vec::new();
            for builder in &builders {
                let stream = builder.build(&folder)?;
                builds += 1;
                if seen.contains(&stream) {
                    continue;
                }
                judge_stream(subject, &what, builder, &stream, &names)?;
                seen.push(stream);
            }
            subject.check_tree(&folder)?;
            situations += 1;
            drop(work);
        }
    }
    let (situations, builds) = (count(situations, "situation"), count(builds, "build"));
    Ok(format!("{situations}, {builds} by {}: nothing dangles", named(&builders)))
}

fn judge_stream(
    subject: &Subject,
    what: &str,
    builder: &Builder,
    stream: &[u8],
    names: &[String],
) -> Result<(), Failure> {
    let faults = dangling::faults(&yaml::documents(stream)?, names);
    if faults.is_empty() {
        return Ok(());
    }
    let place = format!("{}, {what}, {}:", subject.name, builder.name);
    Err(Failure::Wrong(format!("{place}\n  {}", faults.join("\n  "))))
}

type Situation = (String, PathBuf, tempfile::TempDir);

/// Copies of the tree, each with one thing done to it, and the folder to build.
fn situations_of(subject: &Subject) -> Result<Vec<Situation>, String> {
    let files = disk::read(&subject.root).map_err(|error| error.to_string())?.tree;
    let mut all = vec![copy(&files, "the base alone", |_| Ok("k8s/base".into()))?];
    for (what, layers) in ON_TOP {
        all.push(copy(&files, &format!("{what} on the base"), |root| put_on_top(root, "k8s/base", layers))?);
    }
    for environment in subject.environments() {
        let overlay = format!("k8s/overlays/{environment}");
        all.push(copy(&files, &format!("{environment} as emitted"), |_| Ok((&overlay).into()))?);
        for (what, layers) in ON_TOP {
            all.push(copy(&files, &format!("{environment}, {what}"), |root| put_on_top(root, &overlay, layers))?);
        }
        for (what, lines) in BY_HAND {
            all.push(copy(&files, &format!("{environment}, {what}"), |root| {
                edit(&root.join(&overlay).join("kustomization.yaml"), lines)?;
                Ok((&overlay).into())
            })?);
        }
    }
    Ok(all)
}

fn copy(files: &FileTree, what: &str, change: impl Fn(&Path) -> Result<PathBuf, String>) -> Result<Situation, String> {
    let work = tempfile::tempdir().map_err(|error| error.to_string())?;
    // The names in skaffold.yaml's forwards are literal, so they are right for the tree as emitted alone; the `skaffold` judge sees to those.
    for (path, bytes) in files.iter().filter(|(path, _)| path.as_str() != "skaffold.yaml") {
        let file = work.path().join(path.as_str());
        fs::create_dir_all(file.parent().unwrap_or(work.path())).map_err(|error| error.to_string())?;
        fs::write(file, bytes).map_err(|error| error.to_string())?;
    }
    let folder = work.path().join(change(work.path())?);
    Ok((what.to_owned(), folder, work))
}

/// Writes the layers `layer-0`, `layer-1`, …, each on the one before; `two` is a second instance beside the first.
fn put_on_top(root: &Path, bottom: &str, layers: &[&str]) -> Result<PathBuf, String> {
    let mut below = format!("../{bottom}");
    let mut folder = PathBuf::from(bottom);
    for (index, layer) in layers.iter().enumerate() {
        folder = format!("layer-{index}").into();
        write(&root.join(&folder), &layer.replace("{}", &below))?;
        if layer.contains("two") {
            write(&root.join(&folder).join("two"), &format!("resources: [../../{bottom}]\nnamePrefix: two-\n"))?;
        }
        below = format!("../{}", folder.display());
    }
    Ok(folder)
}

fn write(folder: &Path, kustomization: &str) -> Result<(), String> {
    fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    fs::write(folder.join("kustomization.yaml"), kustomization).map_err(|error| error.to_string())
}

/// Puts lines in the place of those with the same key.
fn edit(file: &Path, lines: &str) -> Result<(), String> {
    let text = fs::read_to_string(file).map_err(|error| error.to_string())?;
    let key = |line: &str| line.split(':').next().unwrap_or_default().to_owned();
    let edited: Vec<String> = lines.lines().map(key).collect();
    let kept = text.lines().filter(|line| !edited.contains(&key(line)));
    let text: Vec<&str> = kept.chain(lines.lines()).collect();
    fs::write(file, text.join("\n") + "\n").map_err(|error| error.to_string())
}
