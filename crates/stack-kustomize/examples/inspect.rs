//! A tree in memory is built; then: where does each object come from, where does each of its fields, and what should the author know?
//!
//! `cargo run -p stack-kustomize --example inspect`

#![expect(clippy::print_stdout, reason = "an example for the terminal")]

use stack_krm::yaml::{Node, Value};
use stack_kustomize::{BuildOptions, build};
use stack_source::{FileTree, LineColumn, Locus, TreePath};

const FILES: [(&str, &str); 4] = [
    (
        "base/kustomization.yaml",
        "resources: [web.yaml]\nconfigMapGenerator:\n- name: settings\n  literals: [MODE=fast]\n",
    ),
    (
        "base/web.yaml",
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n  - name: web\n    image: nginx:1.29\n    envFrom:\n    - configMapRef:\n        name: settings\n---\napiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  ports:\n  - port: 80\n",
    ),
    (
        "dev/kustomization.yaml",
        "resources: [../base]\nnamePrefix: dev-\npatches:\n- path: patch.yaml\nimages:\n- name: redis\n  newTag: \"8\"\n",
    ),
    ("dev/patch.yaml", "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  hostname: web\n"),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut files = FileTree::new();
    for (path, text) in FILES {
        files.insert(TreePath::new(path)?, text);
    }
    let built = build(&files, &TreePath::new("dev")?, &BuildOptions::default())?;
    let shown = |at: &Locus| match at {
        Locus::File { path, span } => {
            format!("{path}:{}", LineColumn::of(files.text(path).unwrap_or_default(), span.start).line)
        }
        Locus::Derived | Locus::Rust(_) => "the build itself".to_owned(),
    };
    for resource in &built.resources {
        println!("{} from {}", resource.id(), shown(resource.origin()));
        for path in paths(resource.node()) {
            println!("    {} from {}", path.join("."), shown(&built.place_of(resource, &path)));
        }
    }
    println!("\n{}", built.warnings.render(&files, false));
    Ok(())
}

/// The paths of all values that are no maps.
fn paths(node: &Node) -> Vec<Vec<&str>> {
    let Value::Mapping(map) = &node.value else { return vec![Vec::new()] };
    let below = |(key, value)| paths(value).into_iter().map(move |path| [vec![key], path].concat());
    map.iter().flat_map(below).collect()
}
