//! The Kubernetes Resource Model: names, labels, quantities, image references, resources, and YAML in and out.
//!
//! - [`Gvk`] and [`ResourceId`] say which object is meant;
//! - [`Resource`] is one object, [`ResourceSet`] an ordered list of them without duplicates;
//! - [`Order`] sorts a set as `kustomize build` does, [`hash`] makes the suffix of a generated `ConfigMap` or `Secret`;
//! - [`yaml`] reads and writes all of it.
//!
//! The crate knows Kubernetes' conventions, and nothing of kustomizations or stacks.

pub mod gvk;
pub mod hash;
pub mod order;
pub mod resource;
pub mod resource_id;
pub mod resource_set;
pub mod scope;
pub mod yaml;

mod cidr;
mod image_ref;
mod merge_sort;
mod name;
mod quantity;

pub use cidr::{Cidr, InvalidCidr};
pub use gvk::Gvk;
pub use image_ref::{ImageRef, InvalidImageRef};
pub use name::{ConfigKey, DnsLabel, DnsSubdomain, EnvName, InvalidName, LabelKey, LabelValue, PortName, ServiceName};
pub use order::Order;
pub use quantity::{InvalidQuantity, Quantity};
pub use resource::{InvalidResource, Resource};
pub use resource_id::ResourceId;
pub use resource_set::{DuplicateResource, ResourceSet};
