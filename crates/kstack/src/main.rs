//! `kstack`: describe an LLM or RAG stack once, and derive what Kubernetes, Kustomize and Skaffold need.

use std::process::ExitCode;

use kstack::{Console, Surroundings};

fn main() -> ExitCode {
    let folder = std::env::current_dir().unwrap_or_else(|_| ".".into());
    let surroundings = Surroundings::in_folder(folder);
    kstack::run(std::env::args_os().skip(1), &surroundings, &mut Console::terminal()).into()
}
