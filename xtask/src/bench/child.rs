//! A process that is measured: its time, and the most memory that it held.

use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4 as _;

use crate::shell;

/// What a process took.
#[derive(Clone, Copy)]
pub(super) struct Taken {
    pub(super) time: Duration,
    /// What of the time a processor worked for it: what else runs on the machine does not count.
    pub(super) worked: Duration,
    /// Bytes, at the peak.
    pub(super) memory: u64,
}

/// Runs a program under a small parent. A child begins as a copy of its parent, whose memory counts for it: what is in here, with whole
/// trees in its memory, would be measured instead.
pub(super) fn run(program: &Path, arguments: &[&str]) -> Result<Taken, String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let output = shell::command(own).args(["bench", "measure"]).arg(program).args(arguments).output();
    let output = output.map_err(|error| error.to_string())?;
    let said = String::from_utf8_lossy(&output.stdout);
    let numbers: Vec<u64> = said.split_whitespace().filter_map(|number| number.parse().ok()).collect();
    let taken = match *numbers.as_slice() {
        [time, worked, memory] => {
            Some(Taken { time: Duration::from_nanos(time), worked: Duration::from_nanos(worked), memory })
        }
        _ => None,
    };
    taken.ok_or_else(|| String::from_utf8_lossy(&output.stderr).trim().to_owned())
}

/// The small parent: prints nanoseconds, those of work, and bytes.
pub(crate) fn measure(program: &str, arguments: &[&str]) -> ExitCode {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    match command.spawn().and_then(|mut child| child.wait4()) {
        Ok(used) if used.status.success() => {
            let time = start.elapsed();
            let worked = used.rusage.utime + used.rusage.stime;
            println!("{} {} {}", time.as_nanos(), worked.as_nanos(), used.rusage.maxrss);
            ExitCode::SUCCESS
        }
        Ok(used) => {
            eprintln!("`{program} {}` failed ({})", arguments.join(" "), used.status);
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("cannot start `{program}`: {error}");
            ExitCode::FAILURE
        }
    }
}
