//! `kustomize build` in pure Rust, byte for byte.
#![allow(dead_code)]

mod error;
mod field_path;
mod field_specs;
mod item;
mod json_patch;
pub use json_patch::JsonPatch;
mod kustomization;
mod merge;
mod pool;
mod provenance;
pub mod rules;

pub use error::BuildError;
pub use kustomization::*;
pub use merge::{MergeError, Merged, Odd, Oddity, Schema, merge, strategic_merge};
pub use rules::RULES;
