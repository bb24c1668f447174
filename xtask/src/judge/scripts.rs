use super::{Failure, Verdict, count, tools};
use crate::shell;

/// shellcheck reads every shell script of the repository; tests/scripts/run tries those of the packages.
pub(super) fn ask() -> Verdict {
    tools::on_path("shellcheck", "scripts")?;
    let scripts = shell::text(shell::command("git").args([
        "-c",
        "safe.directory=*",
        "grep",
        "-lI",
        "-E",
        r"^#!(/bin/|/usr/bin/env )(ba)?sh",
    ]))?;
    let scripts: Vec<&str> = scripts.lines().collect();
    shell::output(shell::command("shellcheck").args(&scripts)).map_err(Failure::Wrong)?;
    let mut proven = format!("shellcheck has nothing to say about {}", count(scripts.len(), "script"));
    if shell::repository().join("tests/scripts/run").exists() {
        let said = shell::text(&mut shell::command("tests/scripts/run"))?;
        proven = format!("{proven}; {}", said.lines().last().unwrap_or("tests/scripts/run passed"));
    }
    Ok(proven)
}
