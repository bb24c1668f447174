//! `cargo xtask ci`: what CI runs, in its order.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::Instant;

use crate::judge;
use crate::kstack_command::kstack;
use crate::shell;

struct Step {
    name: &'static str,
    run: fn() -> Result<(), String>,
}

const STEPS: [Step; 10] = [
    Step { name: "test", run: || cargo(&["test", "--workspace"], &[]) },
    Step { name: "examples", run: examples },
    Step { name: "fmt", run: || cargo(&["fmt", "--all", "--check"], &[]) },
    Step {
        name: "clippy",
        run: || cargo(&["clippy", "--quiet", "--workspace", "--all-targets", "--", "--deny", "warnings"], &[]),
    },
    Step {
        name: "doc",
        run: || cargo(&["doc", "--quiet", "--workspace", "--no-deps"], &[("RUSTDOCFLAGS", "--deny warnings")]),
    },
    // Outside of the workspace, as it runs with a nightly compiler; any other can look at it.
    Step {
        name: "fuzz",
        run: || {
            cargo(
                &["check", "--quiet", "--locked", "--manifest-path", "fuzz/Cargo.toml", "--target-dir", "target/fuzz"],
                &[],
            )
        },
    },
    Step { name: "emit", run: emit },
    Step { name: "msrv", run: msrv },
    Step { name: "targets", run: targets },
    Step { name: "judge", run: judges },
];

/// Other systems that the code must at least compile for.
const TARGETS: [&str; 3] = ["x86_64-pc-windows-gnu", "x86_64-apple-darwin", "aarch64-unknown-linux-gnu"];

/// Runs all steps, or those that are named, or all `--but` those, and says how long each took. Stops at the first that fails.
pub(crate) fn run(arguments: &[&str]) -> ExitCode {
    let (but, names) = match arguments {
        ["--but", names @ ..] => (true, names),
        names => (false, names),
    };
    if let Some(unknown) = names.iter().find(|name| STEPS.iter().all(|step| step.name != **name)) {
        let known: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        eprintln!("there is no step `{unknown}`; there are {}", known.join(", "));
        return ExitCode::from(2);
    }
    let mut times = Vec::new();
    for step in STEPS.iter().filter(|step| names.is_empty() || names.contains(&step.name) != but) {
        println!("── {}", step.name);
        let start = Instant::now();
        let result = (step.run)();
        times.push(format!("{} {:.0} s", step.name, start.elapsed().as_secs_f32()));
        if let Err(why) = result {
            eprintln!("{why}\n── {} failed", step.name);
            return ExitCode::FAILURE;
        }
    }
    println!("── all good: {}", times.join(", "));
    ExitCode::SUCCESS
}

fn cargo(arguments: &[&str], environment: &[(&str, &str)]) -> Result<(), String> {
    shell::watch(shell::command(env!("CARGO")).args(arguments).envs(environment.iter().copied()))
}

/// Every example program runs.
fn examples() -> Result<(), String> {
    let mut run = 0;
    for package in entries("crates")? {
        let name = package.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !package.join("examples").exists() {
            continue;
        }
        for program in entries(&format!("crates/{name}/examples"))? {
            let program = program.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            cargo(&["run", "--quiet", "--package", &name, "--example", &program], &[])?;
            run += 1;
        }
    }
    some(run, "example programs")
}

/// What is checked in is what would be emitted.
fn emit() -> Result<(), String> {
    let mut checked = 0;
    for package in entries("examples")? {
        if package.join("stack.yaml").exists() {
            kstack(&["emit", "--check", "--package", &package.to_string_lossy()])?;
            println!("{}: as emitted", package.display());
            checked += 1;
        }
    }
    some(checked, "packages")
}

/// What a folder of the repository holds, in the order of the names.
fn entries(folder: &str) -> Result<Vec<PathBuf>, String> {
    let folder = shell::repository().join(folder);
    let entries = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    Ok(paths)
}

/// A step that found nothing to do has proven nothing.
fn some(number: usize, what: &str) -> Result<(), String> {
    if number > 0 { Ok(()) } else { Err(format!("there are no {what}")) }
}

/// The oldest compiler that the workspace promises.
fn msrv() -> Result<(), String> {
    let manifest = fs::read_to_string(shell::repository().join("Cargo.toml")).map_err(|error| error.to_string())?;
    let version = manifest.lines().find_map(|line| line.strip_prefix("rust-version = \"")?.split('"').next());
    let version = version.ok_or("Cargo.toml names no rust-version")?;
    shell::watch(rustup().args(["toolchain", "install", version, "--profile", "minimal", "--no-self-update"]))?;
    shell::watch(
        rustup()
            .args(["run", version, "cargo", "check", "--quiet", "--workspace"])
            .env_remove("RUSTC")
            .env_remove("CARGO"),
    )
}

fn targets() -> Result<(), String> {
    shell::watch(rustup().args(["target", "add"]).args(TARGETS))?;
    for target in TARGETS {
        println!("{target}");
        cargo(&["check", "--quiet", "--workspace", "--target", target], &[])?;
    }
    Ok(())
}

fn judges() -> Result<(), String> {
    if judge::run(&[]) == ExitCode::SUCCESS { Ok(()) } else { Err("a judge objects".to_owned()) }
}

fn rustup() -> Command {
    // A toolchain that was chosen for this process must not be chosen for what it starts.
    let mut command = shell::command("rustup");
    command.env_remove("RUSTUP_TOOLCHAIN");
    command
}
