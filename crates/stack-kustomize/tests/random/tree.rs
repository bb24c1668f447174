//! A tree: folders with kustomizations, which name each other and their files.

use std::collections::BTreeMap;

use stack_source::{FileTree, TreePath};

use super::Dice;
use super::fields::FIELDS;
use super::objects::{Known, object};
use super::slips;
use super::yaml::{Value, map, stream};

/// Files, and the folder that is to be built.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tree {
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    pub(crate) root: String,
}

impl Tree {
    /// The files as the library takes them.
    pub(crate) fn to_files(&self) -> FileTree {
        let mut files = FileTree::new();
        for (path, bytes) in &self.files {
            if let Ok(path) = TreePath::new(path) {
                files.insert(path, bytes);
            }
        }
        files
    }
}

/// A folder while its kustomization is made.
pub(crate) struct Folder {
    path: String,
    files: BTreeMap<String, Vec<u8>>,
    /// The objects that are there for the fields to mean.
    pub(crate) known: Vec<Known>,
}

impl Folder {
    pub(crate) fn write(&mut self, name: &str, bytes: impl Into<Vec<u8>>) {
        self.files.insert(format!("{}/{name}", self.path), bytes.into());
    }

    /// Writes a file of its own.
    pub(crate) fn file(&mut self, dice: &mut Dice, stem: &str, text: &str) -> String {
        let folder = if dice.one_in(8) { "files/" } else { "" };
        let name = format!("{folder}{stem}-{}.yaml", self.number());
        self.write(&name, text);
        name
    }

    /// A number that no file of the folder has.
    pub(crate) fn number(&self) -> usize {
        self.files.len()
    }

    pub(crate) fn pick(&self, dice: &mut Dice) -> Option<Known> {
        dice.choose(&self.known).cloned()
    }

    pub(crate) fn generated(&self, kind: &str) -> Vec<Known> {
        let is_one = |known: &&Known| known.kind() == kind && (known.is_generated || kind == "ConfigMap");
        self.known.iter().filter(is_one).cloned().collect()
    }
}

/// The tree of a seed.
pub(crate) fn tree(seed: u64) -> Tree {
    let mut dice = Dice::new(seed);
    let mut tree = Tree { root: "root".to_owned(), ..Tree::default() };
    let levels = dice.up_to(2);
    folder(&mut dice, "root", levels, Vec::new(), false, &mut tree);
    if dice.one_in(10) {
        slips::slip(&mut dice, &mut tree);
    }
    tree
}

const NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// Makes a folder and those below; gives the objects that it has.
fn folder(
    dice: &mut Dice,
    path: &str,
    levels: usize,
    parents: Vec<Known>,
    is_component: bool,
    tree: &mut Tree,
) -> Vec<Known> {
    let mut folder = Folder { path: path.to_owned(), files: BTreeMap::new(), known: parents };
    let mut resources: Vec<String> = Vec::new();
    let mut fields = Vec::new();
    for index in 0..if levels > 0 { dice.up_to(2) } else { 0 } {
        let name = format!("base{index}");
        folder.known.extend(self::folder(dice, &format!("{path}/{name}"), levels - 1, Vec::new(), false, tree));
        resources.push(if dice.one_in(4) { format!("./{name}/") } else { name });
    }
    objects(dice, &mut folder, &mut resources, is_component);
    let mut components = Vec::new();
    if levels > 0 && dice.one_in(3) {
        let below = self::folder(dice, &format!("{path}/component"), 0, folder.known.clone(), true, tree);
        folder.known = below;
        components.push("component");
    }
    if !resources.is_empty() {
        fields.push(("resources".to_owned(), resources.into()));
    }
    if !components.is_empty() {
        fields.push(("components".to_owned(), components.into()));
    }
    for (name, one_in, make) in FIELDS {
        if dice.one_in(one_in)
            && let Some(value) = make(dice, &mut folder)
        {
            fields.push((name.to_owned(), value));
        }
    }
    let mut kustomization = map! {};
    if is_component || dice.one_in(4) {
        let (version, kind) = if is_component { ("v1alpha1", "Component") } else { ("v1beta1", "Kustomization") };
        kustomization = map! {"apiVersion": format!("kustomize.config.k8s.io/{version}"), "kind": kind};
    }
    if let Value::Map(entries) = &mut kustomization {
        entries.extend(fields);
    }
    let text = stream(&[kustomization], dice);
    folder.write(if dice.one_in(8) { dice.pick(&NAMES) } else { NAMES[0] }, text);
    tree.files.append(&mut folder.files);
    folder.known
}

/// Files with objects in them, some in a list.
fn objects(dice: &mut Dice, folder: &mut Folder, resources: &mut Vec<String>, is_component: bool) {
    for _ in 0..if is_component { dice.up_to(1) } else { dice.between(1, 2) } {
        let mut documents = Vec::new();
        for _ in 0..=dice.up_to(2) {
            let known = Known::new(object(dice));
            let is_there = folder.known.iter().any(|other| {
                other.kind() == known.kind()
                    && other.name() == known.name()
                    && other.api_version() == known.api_version()
            });
            if !is_there || dice.fault_in(40) {
                documents.push(known.value.clone());
                folder.known.push(known);
            }
        }
        if dice.one_in(12) {
            let kind = dice.pick(&["List", "List", "ConfigMapList", "WidgetList"]);
            documents = vec![map! {"apiVersion": "v1", "kind": kind, "items": documents}];
        }
        let text = stream(&documents, dice);
        let name = folder.file(dice, "objects", &text);
        resources.push(name);
    }
}
