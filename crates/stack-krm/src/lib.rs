//! The Kubernetes Resource Model: names, labels, quantities, image references, resources, and YAML in and out.

pub mod yaml;
