use std::fs;

use super::subject::{Subject, overlays};
use super::{Failure, Verdict, count, tools};
use crate::shell;

/// Each object of each overlay, for the oldest Kubernetes that is served and the newest that the schemas know.
pub(super) fn ask(subjects: &[Subject]) -> Verdict {
    let python = tools::validator()?;
    let builders = tools::builders()?;
    let overlays = overlays(subjects)?;
    let work = tempfile::tempdir().map_err(|error| error.to_string())?;
    let mut validate = shell::command(python);
    validate.args(["tests/judges/validate.py", "--versions", "1.30,newest", "--schemas", "tests/judges/schemas"]);
    validate.arg("--schemas").arg(tools::definitions());
    for (index, (subject, environment)) in overlays.iter().enumerate() {
        let stream = subject.render(environment, &builders)?;
        let file = work.path().join(format!("{index}-{environment}.yaml"));
        fs::write(&file, stream).map_err(|error| error.to_string())?;
        validate.arg(file);
    }
    let said = shell::text(&mut validate).map_err(Failure::Wrong)?;
    Ok(format!("{}: {}", count(overlays.len(), "overlay"), said.trim()))
}
