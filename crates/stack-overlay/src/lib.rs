//! Environments of a stack as typed overlays.
//!
//! An [`Overlay`] is what one environment decides: a prefix, who gives Secrets their values, where claims lead, and changes of
//! services in the stack's own vocabulary. It lies on top of a [`profile`], and [`Overlay::apply`] makes it and a stack into a
//! stack: an environment is a stack too.
//!
//! ```
//! use stack_model::{Service, Stack};
//! use stack_overlay::{Overlay, profile};
//!
//! let mut stack = Stack::new("hello");
//! stack.add("web", Service::build("web").port("http", 8080).probe("/").user(101));
//! let prod = Overlay::new("prod").extends(profile::prod()).registry("registry.example.com/hello").tag("1.0.0");
//! let stack = prod.apply(&stack).unwrap();
//! assert!(stack.environment.images.exact);
//! ```
//!
//! [`dangling`] reads any rendered tree, ours or not, and says which hosts, references, selectors and forwards lead nowhere.

pub mod dangling;
pub mod emit;
pub mod profile;
pub mod rule;

mod apply;
mod overlay;
mod parse;
mod patch;

pub use overlay::{GivenSecret, ImageRules, Overlay, PullRules, Said, SecretRules};
pub use parse::{faults, parse, values};
pub use patch::{Patch, PatchBody, PatchTarget};
