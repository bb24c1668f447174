//! An LLM or RAG stack as typed services and the relations between them, checked and lowered to Kubernetes objects.
//!
//! - [`Stack`] is the whole: services, externals, secrets, facts of the cluster, decisions of the environment;
//! - [`Service`] is one unit of it in Compose's sense, [`Declared`] the same while it is written in Rust;
//! - [`component`] holds services whose image is known: PostgreSQL, Redis, Qdrant, Vespa, LiteLLM, R2R, Open `WebUI`, nginx;
//! - [`Relation`] is an edge, [`Endpoint`] its far end with the protocol in its type;
//! - [`mod@parse`] reads all of it from `stack.yaml`, each value with its place;
//! - [`Stack::check`] finds all faults at once, and [`CheckedStack::lower`] makes the Kubernetes objects.
//!
//! ```
//! use stack_model::component::{LiteLlm, Postgres, R2r};
//! use stack_model::Stack;
//! use stack_krm::Quantity;
//! use stack_source::{FileTree, TreePath};
//!
//! let mut stack = Stack::new("chat");
//! let postgres = stack.add("postgres", Postgres::database("r2r").extension("vector").storage(Quantity::gi(20)));
//! let litellm = stack.add("litellm", LiteLlm::config("litellm.yaml"));
//! stack.add("r2r", R2r::server().uses(postgres.sql().when_ready()).uses(litellm.openai_api()));
//!
//! let mut package = FileTree::new();
//! package.insert(TreePath::new("litellm.yaml").unwrap(), "model_list: []\n");
//! let objects = stack.check_in(&package).unwrap().lower();
//! assert_eq!(objects.named("StatefulSet", "postgres").count(), 1);
//! ```
//!
//! A program that depends on this crate chooses the Kubernetes that the types of `k8s-openapi` describe, as that crate asks for:
//!
//! ```toml
//! k8s-openapi = { version = "0.29", features = ["v1_33"] }
//! ```

pub mod component;
pub mod merge;
pub mod parse;
pub mod plan;
pub mod rule;
pub mod units;
pub mod view;

mod address;
mod bounds;
mod chart;
mod check;
mod cluster;
mod declared;
mod endpoint;
mod environment;
mod expose;
mod external;
mod facts;
mod grant;
mod image;
mod init;
mod lower;
mod namespace;
mod places;
mod port;
mod probe;
mod protocol;
mod raw;
mod relation;
mod resources;
mod scale;
mod secret;
mod service;
mod service_id;
mod stack;
mod template;
mod value;
mod volume;
mod workload;

pub use chart::{Chart, ChartPort};
pub use check::{CheckedStack, PlannedSecret, SecretValues};
pub use cluster::{Cluster, Gpu, LoadBalancers};
pub use component::{Component, Known, Plain, ServiceRef};
pub use declared::Declared;
pub use endpoint::{Connection, Endpoint};
pub use environment::{Environment, Forward, Images, PodSecurity, Pull, PullPolicy, SecretSource, Secrets, Storage};
pub use expose::{Expose, IngressRule, Way};
pub use external::{External, ExternalKind, ExternalRef, Network};
pub use grant::{Grant, GrantKind};
pub use image::{Build, Sync};
pub use init::InitStep;
pub use lower::{Made, Naming, Object, SERVICE_LABEL};
pub use namespace::Namespace;
pub use parse::parse;
pub use places::Places;
pub use port::{Port, PortNumber};
pub use probe::{Probe, ProbeCheck, Probes};
pub use protocol::Protocol;
pub use raw::RawObject;
pub use relation::{Relation, Speaks, Target, Wait, speaks};
pub use resources::{Amount, Resources};
pub use scale::{Scale, ScaleRules, ScaleStep};
pub use secret::{Secret, SecretKey, SecretKeyRef};
pub use service::{Binding, ConfigFile, Service, User};
pub use service_id::ServiceId;
pub use stack::Stack;
pub use template::{Attribute, Piece, Reference, Template};
pub use value::{Given, Setting, Value, ValueKind};
pub use volume::{AccessMode, Claim, Volume, VolumeSource};
pub use workload::{Affinity, Names, Share, Spread, Update, Workload};
