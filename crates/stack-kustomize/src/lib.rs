//! `kustomize build` in pure Rust, byte for byte.
//!
//! ```
//! use stack_kustomize::{BuildOptions, build};
//! use stack_source::{FileTree, TreePath};
//!
//! let mut files = FileTree::new();
//! let path = |text| TreePath::new(text).unwrap();
//! files.insert(path("base/kustomization.yaml"), "resources: [pod.yaml]\nconfigMapGenerator:\n- name: env\n  literals: [A=1]\n");
//! files.insert(
//!     path("base/pod.yaml"),
//!     "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, envFrom: [{configMapRef: {name: env}}]}]}\n",
//! );
//! files.insert(path("dev/kustomization.yaml"), "resources: [../base]\nnamePrefix: dev-\n");
//! let built = build(&files, &path("dev"), &BuildOptions::default()).unwrap();
//! let text = built.to_yaml().unwrap();
//! assert!(text.contains("name: dev-env-"), "the reference follows the name: {text}");
//! ```
//!
//! - [`build`] takes [`Files`](stack_source::Files), asks for those that it meets the names of, and gives objects; nothing touches the disk, the network or other programs;
//! - [`Kustomization`] is the file as a type, to read and to write;
//! - [`strategic_merge`] and [`JsonPatch`] are kustomize's two kinds of patches, to be used alone;
//! - [`BuildError`] and [`Built::warnings`] say what is wrong, where, and how to mend it.
//!
//! The judge is `kustomize` v5.6.0: what it prints is right by definition, even where that is odd. Where it does nothing silently or
//! loses data, the output is the same and a warning says so. Remote resources, Helm charts and plugins that are programs are refused.
//!
//! # Known differences
//!
//! Each needs input that hardly anybody writes:
//!
//! - kustomize keeps what it knows of an object in annotations; a replacement or a JSON 6902 `copy` that takes `metadata` or
//!   `metadata.annotations` whole copies them into the output, here it does not; nor do a `test` or an `annotationSelector` meet them
//!   here;
//! - a value that a replacement has put into a null on its way is lost, and comes back in kustomize where labels are set there later;
//! - kustomize carries comments along, fails on some of them behind `{…}`, and adds an empty line to a text that keeps its own (`|+`)
//!   where a comment follows; a schema in a comment, by which a field is merged, is read here where it stands on the line of its key or
//!   on the line above, and not inside of lists;
//! - a generated `ConfigMap` or `Secret` whose `kind` a patch or replacement has changed gets no hash suffix: kustomize makes one of all
//!   that its parser notes about a node, lines and columns of the files among it, which we would have to carry through every step;
//! - a validator that writes a value which is there already is refused by kustomize, mostly: it compares what its parser notes, too;
//! - a written tag (`!!str 5`) is a style to kustomize, which a later patch takes over; here it is the quotes that the value needs;
//! - the value of an annotation is a text to kustomize, whatever it is: `{{ x }}` without quotes, a map whose key is a map, or
//!   `!!bool yes` are errors here as everywhere else, and it makes an empty text, or that of the scalar, of them;
//! - a file that `openapi` names is read here also where nothing asks for it, and must be a schema;
//! - a quoted `"<<"` key, which kustomize drops, is an error; so are lists and maps that nest deeper than 250 levels (in patches that
//!   are JSON, 128), folders that lead from one to the next more than 25 times, files in UTF-16, and absolute paths among files that
//!   know none, as those of a `FileTree`;
//! - what would take minutes or all memory is refused: copies of values of more than 256 MiB and sixteen times the files of objects,
//!   kustomizations of more than 64 MiB together, and merged lists of more than 2,000 elements that their keys do not tell apart;
//! - a tag of one's own on a key (`!x a: b`), which kustomize refuses, is left out; of keys of a kustomization that differ in their
//!   case alone the last one counts, where kustomize reads their values one after the other; wrong types inside of a schema under
//!   `crds` are not looked at;
//! - a key that stands twice in one map is refused where the object is printed; kustomize refuses it where it first passes JSON, and a
//!   patch may take one of the two away before;
//! - a few regular expressions are known to one of Go and Rust alone, as `(?x)a` and `\07`, or too large for Rust, as `\pL{1000}`;
//! - `managedByLabel` gives `kustomize-(devel)`, which is what the kustomize in kubectl gives; the program of its own gives its version,
//!   as `kustomize-v5.6.0`;
//! - where kustomize panics, there is an error here, or a result.

mod block;
mod budget;
mod build;
mod depth;
mod documents;
mod error;
mod expression;
mod faults;
mod field_path;
mod field_specs;
mod fits;
mod generate;
mod id_map;
mod item;
mod json_patch;
mod json_text;
mod kustomization;
mod kyaml;
mod label_selector;
mod layer;
mod load;
mod merge;
mod name_references;
mod namespaces;
mod near;
mod near_object;
mod objects;
mod place_list;
mod plugins;
mod pool;
mod provenance;
mod rules;
mod selector;
mod shared;
mod steps;
mod transform;
mod variables;

pub use build::{BuildOptions, Built, DefaultOrder, build};
pub use error::BuildError;
pub use json_patch::{JsonPatch, JsonPatchError};
pub use kustomization::{
    API_VERSION, COMPONENT_API_VERSION, ConfigMapArgs, FILE_NAMES, FieldOptions, FieldSelector, FieldSpec,
    GeneratorOptions, HelmChart, HelmGlobals, Image, Kustomization, Label, LegacySortOptions, Metadata, Patch,
    ReplacementEntry, ReplacementSource, ReplacementTarget, Replica, SecretArgs, Selector, SortOptions, Target,
    Variable,
};
pub use load::{is_remote, misnamed};
pub use merge::{MergeError, Merged, strategic_merge};
pub use rules::RULES;
