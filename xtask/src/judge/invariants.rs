use super::tools::builders;
use super::{Failure, Verdict};
use crate::shell;

/// How many random stacks, each with a base and an environment: a build by the real program takes a sixth of a second.
const STACKS: u32 = 64;

/// The property test of stack-overlay, with the newest kubectl in the place of our engine.
pub(super) fn ask() -> Verdict {
    let builders = builders()?;
    let newest = builders.iter().rev().find(|builder| builder.name.starts_with("kubectl"));
    let Some(builder) = newest else { return Err(Failure::Missing("needs a kubectl on the PATH".to_owned())) };
    let test = ["test", "--quiet", "--package", "stack-overlay", "--test", "invariants", "emit_and_build_agree"];
    let mut command = shell::command(env!("CARGO"));
    command.args(test).env("KSTACK_BUILDER", builder.command()).env("PROPTEST_CASES", STACKS.to_string());
    shell::output(&mut command).map_err(Failure::Wrong)?;
    Ok(format!("{STACKS} random stacks and environments: {} builds what the model lowers to", builder.name))
}
