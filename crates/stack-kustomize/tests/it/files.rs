//! What a build asks of its files.

#![expect(clippy::unwrap_used, reason = "a test that fails says where")]

use std::cell::RefCell;
use std::collections::BTreeSet;

use stack_kustomize::{BuildError, BuildOptions, Built, build};
use stack_source::{FileKind, FileTree, Files, TreePath};

fn path(text: &str) -> TreePath {
    TreePath::new(text).unwrap()
}

/// Files that remember what they are asked for, and folders that are links.
#[derive(Default)]
struct Asked {
    tree: FileTree,
    /// From where to where a link leads.
    links: Vec<(&'static str, &'static str)>,
    bytes: RefCell<BTreeSet<String>>,
    unbound: RefCell<BTreeSet<String>>,
    names: RefCell<BTreeSet<String>>,
}

impl Files for Asked {
    fn bytes(&self, path: &TreePath, within: Option<&TreePath>) -> Option<&[u8]> {
        let bytes = self.tree.get(path)?;
        self.bytes.borrow_mut().insert(path.to_string());
        if within.is_none() {
            self.unbound.borrow_mut().insert(path.to_string());
        }
        Some(bytes)
    }

    fn kind(&self, path: &TreePath) -> Option<FileKind> {
        self.folder(path).map(|_| FileKind::Folder).or_else(|| self.tree.kind(path))
    }

    fn folder(&self, path: &TreePath) -> Option<TreePath> {
        let link = self.links.iter().find(|(from, _)| path.as_str() == *from);
        self.tree.folder(&link.map_or_else(|| path.clone(), |(_, to)| TreePath::new(to).unwrap()))
    }

    fn names(&self, folder: &TreePath) -> Vec<String> {
        self.names.borrow_mut().insert(folder.to_string());
        self.tree.names(folder)
    }
}

impl Asked {
    fn of(files: &[(&str, &str)]) -> Self {
        let mut asked = Self::default();
        for (name, text) in files {
            asked.tree.insert(path(name), text);
        }
        asked
    }

    fn build(&self, root: &str, load_anywhere: bool) -> Result<Built, BuildError> {
        build(self, &path(root), &BuildOptions { load_anywhere, ..BuildOptions::default() })
    }
}

const MAP: &str = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n";

#[test]
fn no_more_is_asked_for_than_what_is_named() {
    let generator = "apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: g}\nfiles: [k=text/b.txt]\n";
    let files = [
        ("base/a.yaml", MAP),
        ("base/beside.yaml", MAP),
        ("base/kustomization.yaml", "resources: [a.yaml]\n"),
        ("dev/generator.yaml", generator),
        ("dev/kustomization.yaml", "resources: [../base]\ngenerators: [generator.yaml]\n"),
        ("dev/text/b.txt", "1"),
        ("dev/text/c.txt", "2"),
    ];
    let asked = Asked::of(&files);
    assert_eq!(asked.build("dev", false).unwrap().resources.len(), 2);
    let is_named = |name: &&str| !name.ends_with("beside.yaml") && !name.ends_with("c.txt");
    let named: BTreeSet<String> = files.iter().map(|(name, _)| *name).filter(is_named).map(str::to_owned).collect();
    assert_eq!(*asked.bytes.borrow(), named);
    assert_eq!((asked.unbound.borrow().len(), asked.names.borrow().len()), (0, 0), "names are for messages alone");
}

#[test]
fn links_may_lead_anywhere_where_files_may_lie_anywhere() {
    let asked = Asked::of(&[("kustomization.yaml", "resources: [a.yaml]\n"), ("a.yaml", MAP)]);
    asked.build("", true).unwrap();
    assert_eq!(*asked.unbound.borrow(), *asked.bytes.borrow());
}

#[test]
fn names_are_asked_of_the_folder_of_what_is_missing() {
    let asked = Asked::of(&[("kustomization.yaml", "resources: [far/wbe.yaml]\n"), ("far/web.yaml", MAP)]);
    let error = asked.build("", false).unwrap_err();
    let told = error.report().iter().next().unwrap();
    assert_eq!(told.help.as_deref(), Some("did you mean `far/web.yaml`?"));
    assert_eq!(*asked.names.borrow(), BTreeSet::from(["far".to_owned()]));
}

/// kustomize follows the link before it reads the paths of the kustomization there.
#[test]
fn a_folder_is_where_its_links_lead() {
    let files = [
        ("common/kustomization.yaml", "namePrefix: wrong-\nresources: [c.yaml]\n"),
        ("common/c.yaml", MAP),
        ("dev/kustomization.yaml", "resources: [../link]\n"),
        ("real/base/kustomization.yaml", "resources: [../common]\n"),
        ("real/common/kustomization.yaml", "namePrefix: right-\nresources: [c.yaml]\n"),
        ("real/common/c.yaml", MAP),
    ];
    let asked = Asked { links: vec![("link", "real/base")], ..Asked::of(&files) };
    assert!(asked.build("dev", false).unwrap().to_yaml().unwrap().contains("name: right-a\n"));
}

#[test]
fn a_link_to_a_folder_that_is_being_built_is_a_cycle() {
    let files = [("web/kustomization.yaml", "resources: [again]\n")];
    let asked = Asked { links: vec![("web/again", "web")], ..Asked::of(&files) };
    let error = asked.build("web", false).unwrap_err();
    assert_eq!(error.report().iter().next().unwrap().message, "`again` leads back to `web`, which is being built");
}
