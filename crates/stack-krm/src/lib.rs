//! The Kubernetes Resource Model: names, labels, quantities, image references, resources, and YAML in and out.

pub mod yaml;

mod image_ref;
mod name;
mod quantity;

pub use image_ref::{ImageRef, InvalidImageRef};
pub use name::{ConfigKey, DnsLabel, DnsSubdomain, EnvName, InvalidName, LabelValue, PortName, ServiceName};
pub use quantity::{InvalidQuantity, Quantity};
