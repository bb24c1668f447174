//! Views: what a checked stack is, for people and programs.
//!
//! Each is computed from the same model as the objects, so that no document about a stack can be out of date.
//!
//! - [`services`]: workload, image, pods, ports;
//! - [`endpoints`]: the addresses at which services answer;
//! - [`matrix`]: who talks to whom, at which port, for what;
//! - [`waves`]: the order of start-up;
//! - [`totals`]: requests, limits and storage.
//!
//! ```
//! use stack_model::{Service, Stack, view};
//!
//! let mut stack = Stack::new("hello");
//! stack.add("web", Service::image("nginxinc/nginx-unprivileged:1.29.3-alpine").port("http", 8080).user(101));
//! let checked = stack.check().unwrap();
//! assert_eq!(view::endpoints(&checked)[0].address, "web:8080");
//! assert_eq!(view::totals(&checked).pods.most, 1);
//! ```

mod endpoints;
mod matrix;
mod services;
mod totals;
mod waves;

pub use endpoints::{EndpointRow, Exposure, endpoints};
pub use matrix::{MatrixRow, matrix};
pub use services::{ServiceRow, services};
pub use totals::{Bounds, Need, ServiceTotals, Sum, Totals, totals};
pub use waves::{Start, Wave, waves};
