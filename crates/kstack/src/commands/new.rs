use std::fs;
use std::path::Path;

use stack_krm::DnsLabel;
use stack_source::{FileTree, TreePath};

use crate::cli::New;
use crate::disk;
use crate::failure::Failure;
use crate::{Console, Exit, Surroundings};

/// The files of a new package; `NAME` stands for its name.
const FILES: [(&str, &str); 5] = [
    ("stack.yaml", include_str!("new/stack.yaml")),
    ("overlays/dev.yaml", include_str!("new/dev.yaml")),
    ("overlays/prod.yaml", include_str!("new/prod.yaml")),
    ("README.md", include_str!("new/README.md")),
    (".gitignore", include_str!("new/gitignore")),
];

pub(super) fn run(arguments: &New, surroundings: &Surroundings, console: &mut Console<'_>) -> Result<Exit, Failure> {
    if arguments.name.trim().is_empty() {
        let example = format!("`{} new chat`", surroundings.program);
        return Err(Failure::Usage(format!("the package has no name; say one, as in {example}")));
    }
    let folder = surroundings.absolute(Path::new(&arguments.name));
    let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
    if let Err(error) = DnsLabel::new(&name) {
        return Err(Failure::Usage(format!("{error}; the stack's name becomes a part of names in Kubernetes")));
    }
    let shown = surroundings.shown(&folder);
    disk::recover(&folder)?;
    if fs::read_dir(&folder).is_ok_and(|mut entries| entries.next().is_some()) || folder.is_file() {
        return Err(Failure::System(format!("`{shown}` is there already, and not empty; nothing written")));
    }
    let mut tree = FileTree::new();
    for (path, text) in FILES {
        let text = text.replace("stack: NAME", &format!("stack: {}", scalar(&name)));
        let text = text.replace("NAME", &name).replace("PROGRAM", &surroundings.program);
        tree.insert(TreePath::new(path).unwrap_or_default(), text);
    }
    fs::create_dir_all(&folder).map_err(|error| Failure::io("make the folder", &folder, &error))?;
    disk::overwrite(&folder, &tree)?;
    let program = &surroundings.program;
    console.print(&format!(
        "{name}  1 service · dev and prod\n\
         wrote   {shown}/stack.yaml           the stack\n\
         {0:<8}{shown}/overlays/dev.yaml    what is different on your machine\n\
         {0:<8}{shown}/overlays/prod.yaml   what is different in production\n\
         next    cd {shown} && {program} emit dev\n",
        ""
    ))?;
    Ok(Exit::Good)
}

/// A name as YAML reads it back as text.
fn scalar(name: &str) -> String {
    const WORDS: [&str; 9] = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"];
    if WORDS.contains(&name) || name.starts_with(|first: char| first.is_ascii_digit()) {
        format!("\"{name}\"")
    } else {
        name.to_owned()
    }
}
