//! What a rendered tree names and does not have.
//!
//! Kustomize renames objects and the fields that it knows; nobody renames a host in an environment variable, an argument, a line of
//! nginx.conf or a port-forward. [`dangling()`] reads any rendered tree, ours or not, as the cluster would: it expands variables as
//! the kubelet does, resolves every host as the cluster's DNS does, every reference as the API server does, and says what is not
//! there, each with the edit that mends it.
//!
//! | what | where it looks |
//! |---|---|
//! | hosts and their ports | variables with `envFrom`, prefixes and `$(X)`; commands, scripts, probes and hooks; files in mounted `ConfigMaps`, nginx templates filled in; URLs elsewhere |
//! | forms of a host | `svc`, `svc.ns`, `svc.ns.svc`, `svc.ns.svc.cluster.local`, and `pod-0.` before each |
//! | references | `ConfigMaps`, Secrets and their keys, claims, accounts, volumes, backends, scale targets, governing Services |
//! | selectors | of Kubernetes Services, `NetworkPolicies` with their peers, disruption budgets |
//! | ports by name | of targets and probes |
//! | skaffold.yaml | forwards, local ports, artifacts, pull policies, the overlay's folder |
//!
//! A bare word is taken for a host only where the name of the variable or key says so (`REDIS_HOST`, `db-addr`), and a name with a
//! domain of its own is left alone. Namespaces `kube-*`, and what operators make out of custom resources of the tree, are taken to be
//! there.
//!
//! ```
//! use stack_krm::{Resource, ResourceSet};
//! use stack_krm::yaml::{Limits, read};
//! use stack_overlay::dangling::dangling;
//! use stack_source::Locus;
//!
//! let tree = "
//! apiVersion: v1
//! kind: Service
//! metadata: {name: dev-postgres}
//! spec: {ports: [{port: 5432}], selector: {app: postgres}}
//! ---
//! apiVersion: v1
//! kind: Pod
//! metadata: {name: dev-postgres-0, labels: {app: postgres}}
//! spec: {containers: [{name: main, image: 'postgres:16', env: [{name: PEER_HOST, value: postgres}]}]}
//! ";
//! let mut resources = ResourceSet::new();
//! for document in read(tree, &Limits::default())? {
//!     resources.insert(Resource::new(document.root, Locus::Derived)?)?;
//! }
//! let report = dangling(&resources, None, "default");
//! let first = report.iter().next().unwrap();
//! assert_eq!(first.rule.name, "unrenamed-host");
//! assert_eq!(first.help.as_deref(), Some("write `dev-postgres`"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use stack_krm::ResourceSet;
use stack_krm::yaml::Node;
use stack_source::{Report, TreePath};

use self::tree::Tree;

mod command;
mod config_text;
mod environment;
mod expand;
mod host;
mod hosts;
mod mention;
mod operators;
mod pod;
mod ports;
mod references;
mod rules;
mod selector;
mod selectors;
mod service;
mod skaffold;
mod tree;

pub use rules::RULES;

/// What the tree names and does not have.
///
/// `skaffold` is the skaffold.yaml that deploys the tree; `assumed_namespace` is where objects go that name no namespace.
pub fn dangling(resources: &ResourceSet, skaffold: Option<(&TreePath, &Node)>, assumed_namespace: &str) -> Report {
    let tree = Tree::new(resources, assumed_namespace);
    let mut report = Report::new();
    references::check(&tree, &mut report);
    selectors::check(&tree, &mut report);
    ports::check(&tree, &mut report);
    hosts::check(&tree, &mut report);
    if let Some((path, root)) = skaffold {
        skaffold::check(&tree, path, root, &mut report);
    }
    report
}
